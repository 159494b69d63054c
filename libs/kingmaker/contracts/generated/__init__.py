"""What protoc wrote from proto/: `make proto` writes it anew; never edit it."""
