"""schema: the published JSON Schemas of answers and exports."""

import json

import click

from launchpad.cli.asked import show, table


@click.command("schema")
@click.argument("name", required=False)
@click.option("--json", "json_", is_flag=True, help="List the names as JSON.")
def schema_command(name: str | None, json_: bool) -> None:
    """Print the JSON Schema of an answer or an export; without a NAME list those there are."""
    from launchpad.export.schemas import schema, titles

    if name is not None:
        click.echo(json.dumps(schema(name), ensure_ascii=False, indent=2))
    elif json_:
        click.echo(json.dumps({"schemas": dict(titles())}, ensure_ascii=False, indent=2))
    else:
        show(table("JSON Schemas", ("Name", "Of"), titles().items()))
