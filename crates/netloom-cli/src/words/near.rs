//! Names that are like one that nobody knows.

/// What to say of names that are like the one given; empty if none is.
pub(crate) fn nearest<'a>(given: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let letters = given.chars().count();
    let far = |name: &str| if name.starts_with(given) { 0 } else { strsim::osa_distance(given, name) };
    let mut near: Vec<(usize, &str)> = names.into_iter().map(|name| (far(name), name)).collect();
    near.retain(|(distance, name)| letters > 1 && *distance <= letters.div_ceil(3) && *name != given);
    near.sort_unstable();
    near.dedup();
    let near: Vec<String> = near.iter().take(3).map(|(_, name)| format!("{name:?}")).collect();
    if near.is_empty() { String::new() } else { format!(" (is {} meant?)", near.join(" or ")) }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_few_and_the_nearest_comes_first() {
        let names = ["mtu", "mode", "master", "name", "up"];
        for (given, expected) in [
            ("mut", " (is \"mtu\" meant?)"),
            ("ma", " (is \"master\" meant?)"),
            ("nmae", " (is \"name\" meant?)"),
            ("m", ""),
            ("frob", ""),
        ] {
            assert_eq!(nearest(given, names), expected, "{given}");
        }
        assert_eq!(nearest("mod", ["mode", "modf", "mad", "mood"]), " (is \"mode\" or \"modf\" or \"mad\" meant?)");
    }
}
