"""Everything that speaks to Kafka: the log of a cluster, its topics, who may do what there."""
