"""What changes the world and tells the gateway, whoever asked: a bot, a persona or a test."""
