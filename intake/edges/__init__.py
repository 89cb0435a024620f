"""The outside world, each as a protocol with its implementations: mailboxes, transports, executors, the clock."""
