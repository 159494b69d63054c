"""What Kubernetes must be told so that the services run there: resources as data, then files."""
