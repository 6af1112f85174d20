"""``profile mcp``."""

from __future__ import annotations

import typer

from profilecli.cli.options import Db, SchemaDir, SchemaName, User, chosen_schema, open_stores, settings
from profilecli.errors import ProfilecliError

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def mcp(user: User = None, db: Db = None, schema: SchemaName = None, schema_dir: SchemaDir = None) -> None:
    """Serve your profile to other assistants, over MCP on stdin and stdout.

    Any assistant that speaks the Model Context Protocol then knows you. It is started by
    the assistant, from its settings; see docs/mcp.md. Needs: pip install 'profilecli[mcp]'

    \b
    Example:
      profile mcp --user alice@example.com
    """
    chosen = settings(user=user, db=db, schema=schema, schema_dirs=schema_dir)
    try:
        from profilecli.mcp import serve
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "mcp":
            raise
        raise ProfilecliError("The MCP server is an extra that isn't installed. Install it with: pip install 'profilecli[mcp]'") from error
    store = open_stores(chosen, create=True)
    serve(store, chosen.user_id, chosen_schema(chosen, store))
