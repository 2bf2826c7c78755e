//! Shows results.

use serde_json::{Value, json};

use crate::{measure::Usage, work::Work};

/// A contender and what it used, or why it failed.
type Row = (&'static str, Result<Usage, String>);

/// CPU of the bare loop, which the ratios are of.
fn reference(rows: &[Row]) -> Option<f64> {
    rows.first().and_then(|(_, usage)| usage.as_ref().ok()).map(Usage::cpu).filter(|cpu| *cpu > 0.0)
}

/// Prints a table, as Markdown.
pub fn print(work: Work, count: u32, rows: &[Row]) {
    println!("\n### {}: {} ({count})\n", work.name(), work.title());
    println!("| contender | CPU s | user s | sys s | ratio | wall s | peak MiB |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    for (name, usage) in rows {
        match usage {
            Ok(used) => {
                let ratio = reference(rows).map_or_else(String::new, |bare| format!("{:.2}", used.cpu() / bare));
                println!(
                    "| {name} | {:.3} | {:.3} | {:.3} | {ratio} | {:.3} | {:.1} |",
                    used.cpu(),
                    used.user,
                    used.system,
                    used.wall,
                    used.memory
                );
            }
            Err(problem) => println!("| {name} | {problem} | | | | | |"),
        }
    }
}

/// The same as JSON.
pub fn json(work: Work, count: u32, rows: &[Row]) -> Value {
    let shown: Vec<Value> = rows
        .iter()
        .map(|(name, usage)| match usage {
            Ok(used) => json!({
                "contender": name, "cpu": used.cpu(), "user": used.user, "system": used.system, "wall": used.wall,
                "memory_mib": used.memory, "ratio": reference(rows).map(|bare| used.cpu() / bare),
            }),
            Err(problem) => json!({"contender": name, "failed": problem}),
        })
        .collect();
    json!({"work": work.name(), "title": work.title(), "count": count, "results": shown})
}

/// A work that cannot be done here, as JSON.
pub fn left_out(work: Work, why: &str) -> Value {
    json!({"work": work.name(), "title": work.title(), "left_out": why})
}
