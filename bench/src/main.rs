//! netloom beside a bare recv/send loop and its peers, in one run.
//!
//! Each contender does its work in a process of its own, several times; the table shows medians. CPU time counts, wall
//! time is only told: other load on the machine changes it. Root, or a user that may make user namespaces.
#![forbid(unsafe_code)]

mod bare;
mod contender;
mod contenders;
mod measure;
mod ours;
mod peers;
mod setup;
mod table;
mod work;

use anyhow::Result;
use clap::Parser;
use work::Work;

/// Measures netloom, a bare loop and the peers.
#[derive(Parser)]
struct Options {
    /// What to measure; all, if none is given.
    #[arg(value_enum)]
    work: Vec<Work>,
    /// How many objects or requests; each work has its own default.
    #[arg(long)]
    count: Option<u32>,
    /// How often each contender runs.
    #[arg(long, default_value_t = 5)]
    runs: u32,
    /// Only contenders whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// JSON instead of tables.
    #[arg(long)]
    json: bool,
    /// Runs one contender in this process: what a measurement starts.
    #[arg(long, hide = true)]
    worker: Option<String>,
}

fn main() -> Result<()> {
    let options = Options::parse();
    if let (Some(name), [work]) = (&options.worker, options.work.as_slice()) {
        return measure::run_worker(*work, name, options.count.unwrap_or_else(|| work.default_count()));
    }
    setup::enter_namespace()?;
    let all = Work::all();
    let works = if options.work.is_empty() { &all[..] } else { &options.work };
    let mut results = Vec::new();
    for work in works {
        let count = options.count.unwrap_or_else(|| work.default_count());
        if let Some(what) = setup::lacks(*work) {
            if options.json {
                results.push(table::left_out(*work, what));
            } else {
                println!("\n### {}: left out, {what}", work.name());
            }
            continue;
        }
        setup::prepare(*work, count)?;
        let mut rows = Vec::new();
        for contender in contenders::of(*work).iter().filter(|contender| contender.name.contains(&options.only)) {
            rows.push((contender.name, measure::median(*work, contender.name, count, options.runs)));
        }
        setup::clean(*work)?;
        if options.json {
            results.push(table::json(*work, count, &rows));
        } else {
            table::print(*work, count, &rows);
        }
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&results)?);
    }
    Ok(())
}
