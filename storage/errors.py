"""What can go wrong with records and raw letters, drawn as a tree.

    StorageError               carries `temporary` and `advice`, a Chinese sentence for the organizer
    ├── StorageBusyError           another process writes longer than we wait (temporary)
    ├── DiskFullError              no space left (temporary: it passes when space is made)
    ├── UnreachableError           the database server does not answer (temporary)
    ├── ReadOnlyError              data folder or database may not be written
    ├── NetworkFolderError         the SQLite database would lie on a network-mounted folder
    ├── LockedFolderError          another worker holds this data folder
    ├── SupersededError            another worker has taken over from this one, on a shared database
    ├── CorruptError               a damaged database or raw letter
    ├── BackupError                a backup cannot be written there, or a file is no backup we can restore
    ├── SchemaError                the database is older or newer than this program
    │   └── OutdatedSchemaError        older: opening it for work brings it up to date
    ├── MissingRecordError         a change names a record that is not there
    └── ConflictError              a change contradicts what is already recorded
        └── AlreadyAnsweredError       (letter, kind of answer) was queued before

Whatever sqlite3, the operating system or a database driver raises becomes one of
these in `storage.translation`, the only place that knows their codes. Anything
else that leaves this room is a bug.
"""

from __future__ import annotations


class StorageError(Exception):
    """Records or raw letters could not be read or written."""

    temporary = False
    """Trying the same again later may help."""
    advice = "请查看日志中的详细信息，并联系技术支持。"
    """What a person can do about it, one Chinese sentence."""

    def __init__(self, message: str, *, temporary: bool | None = None, advice: str | None = None) -> None:
        super().__init__(message)
        if temporary is not None:
            self.temporary = temporary
        if advice is not None:
            self.advice = advice


class StorageBusyError(StorageError):
    """Another process held the database longer than we wait."""

    temporary = True
    advice = "另一个程序正在长时间占用数据库，请关闭正在打开数据库文件的工具（如数据库浏览器、备份软件）后重试。"


class DiskFullError(StorageError):
    """No space is left for a record or a raw letter."""

    temporary = True
    advice = "磁盘空间已满，请清理磁盘或换到更大的磁盘；已登记的邮件不会丢失，腾出空间后会自动继续。"


class UnreachableError(StorageError):
    """The database server does not answer."""

    temporary = True
    advice = "连不上数据库服务器，请检查服务器是否已启动、网络是否通，以及地址、用户名、密码和数据库名。"


class ReadOnlyError(StorageError):
    """The data folder or the database may not be written."""

    advice = "数据文件夹不能写入，请检查文件夹权限，或在设置中换一个本机可写的文件夹。"


class NetworkFolderError(StorageError):
    """The database would lie on a network mount, where SQLite cannot keep it whole."""

    advice = "数据文件夹在网络盘或共享文件夹上，数据库可能损坏；请在设置中把数据文件夹改到本机磁盘。"


class LockedFolderError(StorageError):
    """Another worker holds this data folder."""

    advice = "同一个数据文件夹只能运行一个收件程序，请先停止另一个，再重新启动。"


class SupersededError(StorageError):
    """Another worker has taken over the work on this database; this one may write no more."""

    advice = "另一台机器上的收件程序已经接替工作，本机不再写入。"


class CorruptError(StorageError):
    """The database or a raw letter is damaged."""

    advice = "数据已损坏，请停止程序，保留现有文件，并从最近的备份恢复。"


class BackupError(StorageError):
    """A backup cannot be written there, or a file is none that can be restored here."""

    advice = "备份没有完成，请核对文件的位置。"


class SchemaError(StorageError):
    """The database was made by another version of this program."""

    advice = "数据库与程序版本不一致，请安装与数据库相同或更新的程序版本。"


class OutdatedSchemaError(SchemaError):
    """The database is empty or older than this program; the next opening for work mends that."""


class MissingRecordError(StorageError):
    """A change names a record that is not there."""

    advice = "没有找到这条记录，请核对编号。"


class ConflictError(StorageError):
    """A change contradicts what is already recorded, so nothing was changed."""

    advice = "记录已被其他操作更改，请刷新后再试。"


class AlreadyAnsweredError(ConflictError):
    """This letter already has an answer of this kind; a second one is never queued."""

    advice = "这封来信已经有同类答复，不会重复发送。"
