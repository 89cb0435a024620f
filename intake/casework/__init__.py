"""How letters become cases: evidence, roles, counting pictures, joining, the fold. Pure."""
