//! Migration files -> nodes.
