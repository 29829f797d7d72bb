"""LibreOffice, with the Japanese fonts and without them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .case import ROOT, command

# What a machine outside of Japan has.
FONTS = ["/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/truetype/liberation"]


class Office:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "office"
        self.folder.mkdir()
        self.config = {}
        for name, more in (("plain", []), ("japanese", [str(ROOT / "fonts")])):
            folders = "".join(f"<dir>{folder}</dir>" for folder in FONTS + more)
            cache = self.folder / f"cache-{name}"
            path = self.folder / f"{name}.conf"
            path.write_text(
                '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
                f"<fontconfig>{folders}<cachedir>{cache}</cachedir></fontconfig>",
                "utf-8",
            )
            self.config[name] = path

    def convert(self, files: list[Path], to: str, fonts: str = "japanese") -> dict[Path, Path]:
        """Converts all files at once; where each then is."""
        ending = to.split(":")[0]
        out = self.folder / f"{ending}-{fonts}"
        out.mkdir(exist_ok=True)
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "FONTCONFIG_FILE": str(self.config[fonts])}
        profile = f"-env:UserInstallation=file://{self.folder}/profile"
        words = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", out, *files]
        command(*words, env=environment)
        done = {file: out / f"{file.stem}.{ending}" for file in files}
        missing = [file.name for file, made in done.items() if not made.exists()]
        if missing:
            raise SystemExit(f"LibreOffice converted to {to}, but not: {missing}")
        return done

    @staticmethod
    def version() -> str:
        return subprocess.run(["soffice", "--version"], capture_output=True, text=True).stdout.split()[1]
