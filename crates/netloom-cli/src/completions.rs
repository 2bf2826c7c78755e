//! `completions SHELL`: scripts that ask this program what may come next, so that they are never out of date.

use clap::ValueEnum;

/// A shell that can be taught.
#[derive(ValueEnum, Debug, Clone, Copy)]
pub(crate) enum Shell {
    /// bash
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
}

const BASH: &str = r#"_netloom() {
    local IFS=$'\n'
    COMPREPLY=($(netloom complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -F _netloom netloom
"#;

const ZSH: &str = r#"#compdef netloom
_netloom() {
    local -a found
    local line
    while IFS= read -r line; do
        found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done < <(netloom complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
    _describe netloom found
}
compdef _netloom netloom
"#;

const FISH: &str = r#"function __netloom_complete
    set -l words (commandline -opc) (commandline -ct)
    netloom complete -- $words[2..-1] 2>/dev/null
end
complete -c netloom -f -a '(__netloom_complete)'
"#;

impl Shell {
    /// The script to source.
    pub(crate) fn script(self) -> &'static str {
        match self {
            Self::Bash => BASH,
            Self::Zsh => ZSH,
            Self::Fish => FISH,
        }
    }
}
