//! Tables. Each macro has one job; the hidden ones (`row.rs`) know the vocabulary of kinds.

mod commands;
mod fixed;
mod message;
mod named;
mod row;
mod select;
mod set;
