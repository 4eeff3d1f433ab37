"""What bash, zsh and fish offer when the tab key is pressed, by the scripts that a program prints for them."""
import os
import pty
import shutil
import signal
import subprocess
import threading

import support

SHELLS = [shell for shell in ("bash", "zsh", "fish") if shutil.which(shell) or os.environ.get("CI") == "true"]

BASH = """
source complete.bash
COMP_WORDS=({words}) COMP_CWORD={last} COMP_LINE='{line}'
COMP_POINT=${{#COMP_LINE}}
_{program} {program} "${{COMP_WORDS[-1]}}" "${{COMP_WORDS[-2]}}"
printf "%s\\n" "${{COMPREPLY[@]}}"
"""

# Whatever a completion adds is written down; control-Y, pressed after the tab key, ends the shell.
ZSHRC = r"""
autoload -Uz compinit && compinit -u -D
source complete.zsh
compdef _{program} {program}
compadd() {{
  local -a found
  if (( ! ${{@[(I)-[OAD]]}} )); then
    builtin compadd -O found "$@"
    print -rl -- $found >>offered
  fi
  builtin compadd "$@"
}}
leave() {{ exit }}
zle -N leave
bindkey '^Y' leave
"""

FISH = """
source complete.fish
function leave
  complete -C >offered
  exit
end
bind \\cy leave
"""


class Completion:
    """The completion of a program in a folder, where the scripts and what the shells leave behind lie, too."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        for shell in SHELLS:
            script = support.program(program, "--generate-completion-script", shell, folder=folder).stdout
            (folder / f"complete.{shell}").write_text(script)
        (folder / ".zshrc").write_text(ZSHRC.format(program=program))
        (folder / ".fish" / "fish").mkdir(parents=True)
        (folder / ".fish" / "fish" / "config.fish").write_text(FISH)
        self.environment = support.clean_environment() | {
            "PATH": f"{support.BIN}:/usr/bin:/bin", "ZDOTDIR": str(folder), "XDG_CONFIG_HOME": str(folder / ".fish"),
            "XDG_DATA_HOME": str(folder / ".fish"), "HOME": str(folder), "TERM": "dumb"}

    def offered(self, shell, *words):
        """What the shell offers for the last word, without its descriptions, sorted."""
        line = " ".join((self.program, *words))
        found = self.bash(line, words) if shell == "bash" else self.pressed(shell, line)
        return sorted({word.split("\t")[0].rstrip() for word in found.splitlines()} - {""})

    def bash(self, line, words):
        typed = " ".join(f"'{word}'" for word in (self.program, *words))
        script = BASH.format(program=self.program, words=typed, last=len(words), line=line)
        return subprocess.run(["bash", "-c", script], cwd=self.folder, text=True, capture_output=True, timeout=60,
                              env=self.environment, check=True).stdout

    def pressed(self, shell, line):
        (self.folder / "offered").write_text("")
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(self.folder)
            os.execvpe(shell, [shell, "-i"], self.environment)
        deadline = threading.Timer(60, os.kill, (process, signal.SIGKILL))
        deadline.start()
        shown = b""
        try:
            os.write(terminal, f"{line}{chr(9) if shell == 'zsh' else ''}\x19".encode())
            while chunk := os.read(terminal, 65536):
                shown += chunk
        except OSError:  # the terminal is closed
            pass
        finally:
            _, status = os.waitpid(process, 0)
            deadline.cancel()
            os.close(terminal)
        if os.WIFSIGNALED(status) or b"not found" in shown or b": unknown" in shown:
            raise AssertionError(shown.decode(errors="replace"))
        return (self.folder / "offered").read_text()
