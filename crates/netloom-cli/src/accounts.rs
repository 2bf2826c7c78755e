//! Users and groups by name, as the files in /etc have them.

/// Where users are.
pub(crate) const USERS: &str = "/etc/passwd";
/// Where groups are.
pub(crate) const GROUPS: &str = "/etc/group";

/// The name of a number.
pub(crate) fn name_of(file: &str, id: u32) -> Option<String> {
    find(file, |_, number| number == id).map(|(name, _)| name)
}

/// The number of a name; a number is its own.
pub(crate) fn id_of(file: &str, name: &str) -> Option<u32> {
    name.parse().ok().or_else(|| find(file, |known, _| known == name).map(|(_, id)| id))
}

fn find(file: &str, is_it: impl Fn(&str, u32) -> bool) -> Option<(String, u32)> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    // `name:password:number:…`, in both files.
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let id = fields.nth(1)?.parse().ok()?;
        is_it(name, id).then(|| (name.to_owned(), id))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_name_and_by_number() {
        assert_eq!(name_of(USERS, 0).as_deref(), Some("root"));
        assert_eq!((id_of(USERS, "root"), id_of(GROUPS, "root"), id_of(USERS, "77")), (Some(0), Some(0), Some(77)));
        assert_eq!((name_of("/nonexistent", 0), id_of(GROUPS, "no such group")), (None, None));
    }
}
