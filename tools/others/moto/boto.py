"""The local cloud as boto3 sees it: another client than ours, which reads answers by AWS's own models of its services.

Finds the cloud by the usual variables. Prints a line for each case; exit code 1 if one does not hold.
"""

import datetime
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

HERE, ELSEWHERE = "eu-central-1", "eu-west-1"
ONCE = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"})


def client(service, region=HERE):
    return boto3.client(service, region_name=region, config=ONCE)


def code_of(call):
    """The error's code, or `none`."""
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "none"


def conditional_writes():
    s3 = client("s3")
    s3.create_bucket(Bucket="boto-once", CreateBucketConfiguration={"LocationConstraint": HERE})
    tag = s3.put_object(Bucket="boto-once", Key="a", Body=b"1", IfNoneMatch="*")["ETag"]
    again = code_of(lambda: s3.put_object(Bucket="boto-once", Key="a", Body=b"2", IfNoneMatch="*"))
    s3.put_object(Bucket="boto-once", Key="a", Body=b"3", IfMatch=tag)
    late = code_of(lambda: s3.put_object(Bucket="boto-once", Key="a", Body=b"4", IfMatch=tag))
    body = s3.get_object(Bucket="boto-once", Key="a")["Body"].read()
    return (again, late, body) == ("PreconditionFailed", "PreconditionFailed", b"3")


def versions_and_locks():
    s3 = client("s3")
    s3.create_bucket(
        Bucket="boto-lock",
        CreateBucketConfiguration={"LocationConstraint": HERE},
        ObjectLockEnabledForBucket=True,
    )
    until = datetime.datetime(2096, 1, 1, tzinfo=datetime.timezone.utc)
    put = s3.put_object(
        Bucket="boto-lock",
        Key="a",
        Body=b"1",
        ObjectLockMode="COMPLIANCE",
        ObjectLockRetainUntilDate=until,
    )
    version = {"Bucket": "boto-lock", "Key": "a", "VersionId": put["VersionId"]}
    refused = code_of(lambda: s3.delete_object(**version))
    s3.delete_object(Bucket="boto-lock", Key="a")
    listed = s3.list_object_versions(Bucket="boto-lock")
    held = s3.head_object(**version)["ObjectLockRetainUntilDate"]
    counts = (len(listed["Versions"]), len(listed["DeleteMarkers"]))
    return (refused, counts, held) == ("AccessDenied", (1, 1), until)


def pages_of_keys():
    s3 = client("s3")
    s3.create_bucket(Bucket="boto-pages", CreateBucketConfiguration={"LocationConstraint": HERE})
    for number in range(7):
        s3.put_object(Bucket="boto-pages", Key=f"p/{number} ä&+", Body=b"")
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket="boto-pages", Prefix="p/", PaginationConfig={"PageSize": 2}
    )
    keys = [item["Key"] for page in pages for item in page["Contents"]]
    return keys == [f"p/{number} ä&+" for number in range(7)]


def failover_pair():
    route53 = client("route53", "us-east-1")
    zone = route53.create_hosted_zone(Name="boto.example", CallerReference="boto")["HostedZone"]["Id"]
    changes = [
        {
            "Action": "CREATE",
            "ResourceRecordSet": {
                "Name": "db.boto.example",
                "Type": "CNAME",
                "TTL": 60,
                "SetIdentifier": role,
                "Failover": role,
                "ResourceRecords": [{"Value": f"{role.lower()}.example"}],
            },
        }
        for role in ("PRIMARY", "SECONDARY")
    ]
    info = route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    again = code_of(
        lambda: route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    )
    deadline = time.monotonic() + 120
    while route53.get_change(Id=info["ChangeInfo"]["Id"])["ChangeInfo"]["Status"] != "INSYNC":
        if time.monotonic() > deadline:
            return False
        time.sleep(1)
    sets = route53.list_resource_record_sets(HostedZoneId=zone, StartRecordName="db.boto.example")
    roles = sorted(each.get("Failover", "") for each in sets["ResourceRecordSets"])
    return (again, [each for each in roles if each]) == ("InvalidChangeBatch", ["PRIMARY", "SECONDARY"])


def replicated_secret():
    here, there = client("secretsmanager"), client("secretsmanager", ELSEWHERE)
    here.create_secret(
        Name="boto/login", SecretString="one", AddReplicaRegions=[{"Region": ELSEWHERE}]
    )
    here.put_secret_value(SecretId="boto/login", SecretString="two")
    read = there.get_secret_value(SecretId="boto/login")["SecretString"]
    primary = there.describe_secret(SecretId="boto/login")["PrimaryRegion"]
    missing = code_of(lambda: here.get_secret_value(SecretId="boto/none"))
    return (read, primary, missing) == ("two", HERE, "ResourceNotFoundException")


def pending_subscription():
    sns = client("sns")
    topic = sns.create_topic(Name="boto")["TopicArn"]
    sns.subscribe(
        TopicArn=topic,
        Protocol="email",
        Endpoint="ops@provider.example",
        Attributes={"FilterPolicy": '{"recipient": ["ops@provider.example"]}'},
    )
    (one,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    return one["SubscriptionArn"] == "PendingConfirmation"


def parameters():
    ssm = client("ssm")
    missing = code_of(lambda: ssm.get_parameter(Name="/boto/none"))
    ssm.put_parameter(Name="/boto/version", Value="21", Type="String")
    value = ssm.get_parameter(Name="/boto/version")["Parameter"]["Value"]
    return (missing, value) == ("ParameterNotFound", "21")


def databases_that_are_not_there():
    rds = client("rds")
    codes = (
        code_of(lambda: rds.describe_db_instances(DBInstanceIdentifier="none")),
        code_of(lambda: rds.describe_db_subnet_groups(DBSubnetGroupName="none")),
        code_of(lambda: rds.describe_db_parameter_groups(DBParameterGroupName="none")),
        code_of(lambda: rds.delete_db_snapshot(DBSnapshotIdentifier="none")),
    )
    return codes == (
        "DBInstanceNotFound",
        "DBSubnetGroupNotFoundFault",
        "DBParameterGroupNotFound",
        "DBSnapshotNotFound",
    )


def executions():
    states = client("stepfunctions")
    arn = f"arn:aws:states:{HERE}:111111111111:execution:none:none"
    return code_of(lambda: states.describe_execution(executionArn=arn)) == "ExecutionDoesNotExist"


def identity():
    return client("sts").get_caller_identity()["Account"] == "111111111111"


CASES = (
    conditional_writes,
    versions_and_locks,
    pages_of_keys,
    failover_pair,
    replicated_secret,
    pending_subscription,
    parameters,
    databases_that_are_not_there,
    executions,
    identity,
)


def main():
    failed = 0
    for case in CASES:
        try:
            holds = case()
            why = "" if holds else "answers otherwise than AWS's models and documentation say"
        except Exception as error:  # Whatever it is, the other cases are run too.
            holds, why = False, f"{type(error).__name__}: {error}"
        failed += not holds
        print(f"{'ok' if holds else 'NOT'}  boto3: {case.__name__.replace('_', ' ')}  {why}".rstrip())
    print(f"{len(CASES)} cases of boto3, {failed} do not hold")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
