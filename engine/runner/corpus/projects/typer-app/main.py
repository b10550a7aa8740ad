import typer

app = typer.Typer()


@app.command()
def main(epochs: int = 2, dropout: float = 0.1, out_dir: str = "out") -> None:
    for epoch in range(epochs):
        typer.echo(f"epoch={epoch} loss={dropout / (epoch + 1):.3f} acc={0.8 + epoch / 100:.2f}")


app()
