"""Pure: values in, values out. No disnake, no database, no clock."""
