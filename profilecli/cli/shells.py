"""The completion scripts of bash and zsh, in place of Typer's, which stumble over what this program completes.

In bash ``@``, ``:`` and ``=`` end a word, so that Typer's script completes no more of an e-mail
address than its first part, and puts a space behind ``company=``. Typer's script for zsh does nothing
at the first Tab of a session, which only loads it.
"""

from __future__ import annotations

__all__ = ["use_scripts"]

_BASH = """
%(complete_func)s() {
    local line=${COMP_LINE:0:COMP_POINT} word piece=${COMP_WORDS[COMP_CWORD]}
    local -a typed
    IFS=$' \t' read -ra typed <<< "$line"
    [[ $line == *[[:space:]] ]] && typed+=("")
    word=${typed[${#typed[@]} - 1]}
    local IFS=$'\n'
    COMPREPLY=( $( env COMP_WORDS="$line" COMP_CWORD=$((${#typed[@]} - 1)) %(autocomplete_var)s=complete_bash "$1" ) )
    # Only the last piece of the word is replaced, together with an @ before it.
    [[ $piece == [:=] ]] && piece=
    word=${word%%"$piece"}
    word=${word%%@}
    [[ $word ]] && COMPREPLY=( "${COMPREPLY[@]#"$word"}" )
    [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2> /dev/null
    return 0
}

complete -o default -F %(complete_func)s %(prog_name)s
"""

_ZSH = """
#compdef %(prog_name)s

%(complete_func)s() {
  eval $(env _TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" %(autocomplete_var)s=complete_zsh %(prog_name)s)
}

# zsh runs this file at each Tab, and expects it to complete at once; others source it.
if (( ${+compstate} )); then
  %(complete_func)s
else
  compdef %(complete_func)s %(prog_name)s
fi
"""


def use_scripts() -> None:
    """Has Typer install and show these scripts."""
    from typer import _completion_shared

    _completion_shared._completion_scripts.update(bash=_BASH, zsh=_ZSH)  # noqa: SLF001 -- Typer has no other way
