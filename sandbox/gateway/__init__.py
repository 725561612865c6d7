"""The gateway: sessions over WebSocket, and which events reach whom."""
