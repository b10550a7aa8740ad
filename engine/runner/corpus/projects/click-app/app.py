import click


@click.group()
def cli() -> None: ...


@cli.command()
@click.option("--learning-rate", type=float, default=0.1)
@click.option("-n", "--rounds", type=int, default=2)
@click.option("--shuffle/--no-shuffle", default=False)
def train(learning_rate: float, rounds: int, shuffle: bool) -> None:
    with click.progressbar(range(rounds)) as bar:
        for step in bar:
            click.secho(f"step {step}: loss {learning_rate / (step + 1):.4f}", fg="green", color=True)


cli()
