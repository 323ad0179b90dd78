"""S3 by `aws s3` and `aws s3api`."""

import os
import pathlib
import urllib.request

HERE = ("--region", "eu-central-1")
# What a command exits with when the service refuses it.
REFUSED = 255


def files_come_and_go(aws):
    pathlib.Path("up").mkdir()
    pathlib.Path("up/ä b&+.txt").write_text("bytes")
    # Above the eight megabytes from which the CLI uploads in parts.
    large = os.urandom(9 * 2**20)
    pathlib.Path("up/large").write_bytes(large)
    yield aws("s3", "mb", "s3://cli-files", *HERE).code, 0
    yield aws("s3", "sync", "up", "s3://cli-files/in", "--quiet").code, 0
    yield aws("s3", "sync", "up", "s3://cli-files/in", "--dryrun").out, ""
    yield aws("s3", "cp", "s3://cli-files/in", "down", "--recursive", "--quiet").code, 0
    yield pathlib.Path("down/ä b&+.txt").read_text(), "bytes"
    yield pathlib.Path("down/large").read_bytes() == large, True
    listed = aws("s3", "ls", "s3://cli-files/in/", output="text").out.splitlines()
    yield [line.split(maxsplit=3)[2:] for line in listed], [["9437184", "large"], ["5", "ä b&+.txt"]]
    yield aws("s3", "rb", "s3://cli-files").error, "BucketNotEmpty"
    yield aws("s3", "rm", "s3://cli-files", "--recursive", "--quiet").code, 0
    yield aws("s3", "rb", "s3://cli-files").code, 0
    gone = aws("s3", "ls", "s3://cli-files")
    yield (gone.code, gone.error), (REFUSED, "NoSuchBucket")


def links_are_signed(aws):
    pathlib.Path("linked").write_text("linked")
    aws("s3", "mb", "s3://cli-links", *HERE)
    aws("s3", "cp", "linked", "s3://cli-links/a", "--quiet")
    link = aws("s3", "presign", "s3://cli-links/a", "--expires-in", "60", output="text").out
    with urllib.request.urlopen(link, timeout=30) as answer:
        yield answer.read(), b"linked"


def keys_are_written_once(aws):
    pathlib.Path("body").write_text("1")
    create = ("s3api", "create-bucket", "--bucket", "cli-once", "--create-bucket-configuration")
    yield aws(*create, "LocationConstraint=eu-central-1").json["Location"] != "", True
    put = ("s3api", "put-object", "--bucket", "cli-once", "--key", "a", "--body", "body")
    tag = aws(*put, "--if-none-match", "*").json["ETag"]
    yield aws(*put, "--if-none-match", "*").error, "PreconditionFailed"
    yield aws(*put, "--if-match", '"0123456789abcdef0123456789abcdef"').error, "PreconditionFailed"
    head = ("s3api", "head-object", "--bucket", "cli-once", "--key")
    yield aws(*head, "a").json["ETag"], tag
    yield aws(*head, "b").error, "404"
    yield aws("s3api", "wait", "object-exists", "--bucket", "cli-once", "--key", "a").code, 0
    yield aws("s3api", "wait", "object-not-exists", "--bucket", "cli-once", "--key", "b").code, 0
    yield aws("s3api", "wait", "bucket-exists", "--bucket", "cli-once").code, 0


def lists_have_pages(aws):
    pathlib.Path("empty").write_text("")
    aws("s3", "mb", "s3://cli-pages", *HERE)
    for number in range(5):
        aws("s3", "cp", "empty", f"s3://cli-pages/p/{number}", "--quiet")
    listing = ("s3api", "list-objects-v2", "--bucket", "cli-pages", "--page-size", "2")
    whole = aws(*listing, "--query", "Contents[].Key").json
    yield whole, [f"p/{number}" for number in range(5)]
    first = aws(*listing, "--max-items", "3").json
    rest = aws(*listing, "--starting-token", first["NextToken"]).json
    yield [item["Key"] for item in first["Contents"] + rest["Contents"]], whole


def versions_are_kept(aws):
    pathlib.Path("version").write_text("1")
    aws("s3", "mb", "s3://cli-versions", *HERE)
    bucket = ("--bucket", "cli-versions")
    aws("s3api", "put-bucket-versioning", *bucket, "--versioning-configuration", "Status=Enabled")
    yield aws("s3api", "get-bucket-versioning", *bucket).json, {"Status": "Enabled"}
    key = (*bucket, "--key", "a")
    version = aws("s3api", "put-object", *key, "--body", "version").json["VersionId"]
    yield aws("s3api", "delete-object", *key).json["DeleteMarker"], True
    yield aws("s3api", "get-object", *key, "got").error, "NoSuchKey"
    yield aws("s3api", "get-object", *key, "--version-id", version, "got").code, 0
    yield pathlib.Path("got").read_text(), "1"
    tags = {"TagSet": [{"Key": "k", "Value": "v"}]}
    yield aws("s3api", "put-object-tagging", *key, "--version-id", version, "--tagging", tags).code, 0
    yield aws("s3api", "get-object-tagging", *key, "--version-id", version).json["TagSet"], tags["TagSet"]


CASES = (
    files_come_and_go,
    links_are_signed,
    keys_are_written_once,
    lists_have_pages,
    versions_are_kept,
)
