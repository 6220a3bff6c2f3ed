//! End-to-end tests: real databases, real processes, real compilers. One program, so that it is linked once.
#![expect(clippy::unwrap_used, reason = "tests")]

mod alembic;
mod asynchronous;
mod batch;
mod broken;
mod catalog;
mod chain;
mod cli;
mod configuration;
mod connections;
mod crash;
mod custom_types;
mod data;
mod dump;
mod edit;
mod embedded;
mod every_operation;
mod files;
mod harness;
mod import;
mod inspect;
mod json;
mod many;
mod mariadb;
mod native;
mod objects;
mod offline;
mod python;
mod reading;
mod rebase;
mod refusals;
mod standing;
mod suite;
mod tls;
mod victim;
mod watch;
