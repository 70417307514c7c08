"""`pomona` on S3 does what it does on a disk: the same bytes, the same account, the same resume."""

import json

import pytest

from conftest import assert_same_results, pomona
from s3.conftest import SHARDS
from s3.servers import download, keys


# From disk to disk is `expected` itself.
@pytest.mark.parametrize(("source_is_remote", "out_is_remote"), [(True, True), (True, False), (False, True)])
def test_the_same_bytes_wherever_source_and_results_are(
    minio, bucket, photos, expected, tmp_path, source_is_remote, out_is_remote
):
    name = f"run-{source_is_remote}"
    source = bucket if source_is_remote else photos
    out = f"s3://results/{name}" if out_is_remote else tmp_path / "out"
    summary = pomona("run", source, out, *SHARDS, "--json", env=minio.environment()).json
    assert summary["photos"] == summary["rows"] + summary["rejects"]
    local = download(minio.client(), "results", name, tmp_path / "copy") if out_is_remote else out
    assert_same_results(expected, local)
    assert (local / "report.html").stat().st_size > 100_000
    assert not [key for key in keys(minio.client(), "results", name) if ".pomona-lock" in key]
    again = pomona("run", source, out, *SHARDS, "--json", env=minio.environment()).json
    assert again["extracted"] == 0
    run = (local / "run.json").read_text()
    assert minio.secret_key not in run and minio.access_key not in run
    assert json.loads(run)["source"] == str(source)


def test_every_command_takes_a_dataset_on_s3(minio, bucket, photos, tmp_path):
    out = "s3://results/commands"
    shell = {"env": minio.environment()}
    pomona("extract", bucket, out, *SHARDS, **shell)
    pomona("fit", out, "--quiet", **shell)
    pomona("reduce", out, "--quiet", **shell)
    trained = pomona("train", out, "--quiet", "--json", **shell).json
    assert trained["classes"] > 20
    page = pomona("report", out, "--quiet", "--json", **shell).json
    assert page["report"] == f"{out}/report.html"
    assert page["thumbnails"] > 200
    assert pomona("info", out, "--json", **shell).json["complete"]
    assert pomona("info", out + "/bundle", "--json", **shell).json["kind"] == "bundle"
    photo = next(p for p in sorted(photos.rglob("*.jpg")) if p.stat().st_size > 3000)
    answer = pomona("classify", out + "/bundle", photo, "--json", **shell).json
    assert answer["photos"][0]["verdict"] in {"known", "uncertain", "not-a-fruit"}
    evaluated = pomona("evaluate", out + "/bundle", bucket, "--quiet", "--json", **shell).json
    assert evaluated["rejects"] == 60


def test_moto_gives_the_same_bytes(moto, photos, expected, tmp_path):
    client = moto.client()
    client.create_bucket(Bucket="everyday")
    out = "s3://everyday/out"
    pomona("run", photos, out, *SHARDS, "--no-report", env=moto.environment())
    assert_same_results(expected, download(client, "everyday", "out", tmp_path / "copy"))


def test_a_changed_source_gives_the_bytes_of_a_fresh_run(minio, photos, bucket, tmp_path):
    client = minio.client()
    for key in keys(client, "photos", "fruits/Training")[:120]:
        client.copy_object(
            Bucket="photos", Key=key.replace("fruits", "grown"), CopySource={"Bucket": "photos", "Key": key}
        )
    shell = {"env": minio.environment()}
    grown = keys(client, "photos", "grown")
    pomona("run", "s3://photos/grown", "s3://results/grown", *SHARDS, "--no-report", **shell)
    client.delete_object(Bucket="photos", Key=grown[0])
    client.copy_object(Bucket="photos", Key=grown[1], CopySource={"Bucket": "photos", "Key": grown[2]})
    pomona("run", "s3://photos/grown", "s3://results/grown", *SHARDS, "--no-report", **shell)
    pomona("run", "s3://photos/grown", "s3://results/fresh", *SHARDS, "--no-report", **shell)
    assert_same_results(
        download(client, "results", "fresh", tmp_path / "fresh"),
        download(client, "results", "grown", tmp_path / "grown"),
    )


@pytest.mark.parametrize("source_is_remote", [True, False])
@pytest.mark.parametrize("out_is_remote", [True, False])
def test_packed_photos_give_the_same_bytes_wherever_they_are(
    minio, bucket, photos, expected, tmp_path, source_is_remote, out_is_remote
):
    shell = {"env": minio.environment()}
    name = f"packed-{source_is_remote}"
    loose, tars = (bucket, f"s3://results/{name}") if source_is_remote else (photos, tmp_path / "tars")
    packed = pomona("pack", loose, tars, "--shard-bytes", "300KB", "--quiet", "--json", **shell)
    assert packed.json["tars"] > 2
    out = f"s3://results/from-{name}" if out_is_remote else tmp_path / "out"
    pomona("run", tars, out, *SHARDS, "--no-report", **shell)
    local = download(minio.client(), "results", f"from-{name}", tmp_path / "copy") if out_is_remote else out
    assert_same_results(expected, local)
