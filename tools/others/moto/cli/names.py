"""Route 53, Secrets Manager, SNS, Parameter Store, KMS, STS, security groups."""

import json
import pathlib

from storage import REFUSED

ELSEWHERE = ("--region", "eu-west-1")


def record(action, role, target):
    return {
        "Action": action,
        "ResourceRecordSet": {
            "Name": "db.cli.example",
            "Type": "CNAME",
            "TTL": 60,
            "SetIdentifier": role,
            "Failover": role,
            "ResourceRecords": [{"Value": target}],
        },
    }


def a_zone_and_its_records(aws):
    zone = aws("route53", "create-hosted-zone", "--name", "cli.example", "--caller-reference", "cli").json
    named = ("--hosted-zone-id", zone["HostedZone"]["Id"])
    batch = {"Changes": [record("CREATE", role, f"{role.lower()}.example") for role in ("PRIMARY", "SECONDARY")]}
    pathlib.Path("batch.json").write_text(json.dumps(batch))
    change = ("route53", "change-resource-record-sets", *named, "--change-batch")
    info = aws(*change, "file://batch.json").json["ChangeInfo"]
    yield aws("route53", "wait", "resource-record-sets-changed", "--id", info["Id"]).code, 0
    again = aws(*change, "file://batch.json")
    yield (again.code, again.error), (REFUSED, "InvalidChangeBatch")
    listing = ("route53", "list-resource-record-sets", *named)
    query = ("--query", "ResourceRecordSets[?Type=='CNAME'].Failover")
    yield sorted(aws(*listing, *query, "--page-size", "1").json), ["PRIMARY", "SECONDARY"]
    yield aws(*listing, "--max-items", "1").json["NextToken"] != "", True
    yield aws("route53", "delete-hosted-zone", "--id", named[1]).error, "HostedZoneNotEmpty"
    gone = {"Changes": [{**each, "Action": "DELETE"} for each in batch["Changes"]]}
    yield aws(*change, gone).code, 0
    yield aws("route53", "delete-hosted-zone", "--id", named[1]).code, 0
    yield aws("route53", "get-hosted-zone", "--id", named[1]).error, "NoSuchHostedZone"


def a_health_check_and_what_it_sees(aws):
    where = {"Type": "HTTPS", "FullyQualifiedDomainName": "flags.example", "ResourcePath": "/a", "Port": 443}
    config = {**where, "RequestInterval": 10, "FailureThreshold": 3, "EnableSNI": True}
    create = ("route53", "create-health-check", "--caller-reference", "cli", "--health-check-config")
    check = aws(*create, config).json["HealthCheck"]["Id"]
    yield aws(*create, config).json["HealthCheck"]["Id"], check
    yield aws(*create, {**config, "Port": 444}).error, "HealthCheckAlreadyExists"
    query = ("--query", "HealthCheckObservations[].StatusReport.Status")
    yield aws("route53", "get-health-check-status", "--health-check-id", check, *query).code, 0
    yield aws("route53", "delete-health-check", "--health-check-id", check).code, 0
    yield aws("route53", "get-health-check-status", "--health-check-id", check).error, "NoSuchHealthCheck"


def a_secret_and_its_replica(aws):
    create = ("secretsmanager", "create-secret", "--name", "cli/login", "--secret-string", "one")
    yield aws(*create, "--add-replica-regions", "Region=eu-west-1").code, 0
    yield aws(*create).error, "ResourceExistsException"
    of = ("--secret-id", "cli/login")
    yield aws("secretsmanager", "put-secret-value", *of, "--secret-string", "two").code, 0
    read = ("secretsmanager", "get-secret-value", *of, "--query", "SecretString")
    yield aws(*read, *ELSEWHERE, output="text").out, "two"
    yield aws("secretsmanager", "put-secret-value", *of, "--secret-string", "x", *ELSEWHERE).error, "InvalidRequestException"
    filters = ("--filters", "Key=name,Values=cli/")
    yield aws("secretsmanager", "list-secrets", *filters, "--query", "SecretList[].Name").json, ["cli/login"]
    yield aws("secretsmanager", "remove-regions-from-replication", *of, "--remove-replica-regions", "eu-west-1").code, 0
    yield aws("secretsmanager", "delete-secret", *of, "--recovery-window-in-days", "7").code, 0
    yield aws(*read).error, "InvalidRequestException"
    yield aws("secretsmanager", "restore-secret", *of).code, 0
    yield aws("secretsmanager", "delete-secret", *of, "--force-delete-without-recovery").code, 0
    yield aws(*read).error, "ResourceNotFoundException"


def a_topic_and_who_hears_it(aws):
    topic = ("--topic-arn", aws("sns", "create-topic", "--name", "cli").json["TopicArn"])
    mail = ("--protocol", "email", "--notification-endpoint", "ops@provider.example")
    said = aws("sns", "subscribe", *topic, *mail).json["SubscriptionArn"]
    yield said.lower(), "pending confirmation"
    query = ("--query", "Subscriptions[].SubscriptionArn")
    yield aws("sns", "list-subscriptions-by-topic", *topic, *query).json, ["PendingConfirmation"]
    yield aws("sns", "publish", *topic, "--message", "hello").code, 0
    yield aws("sns", "delete-topic", *topic).code, 0
    gone = aws("sns", "publish", *topic, "--message", "hello")
    yield (gone.code, gone.error), (REFUSED, "NotFound")


def parameters_and_keys(aws):
    name = ("--name", "/cli/version")
    yield aws("ssm", "get-parameter", *name).error, "ParameterNotFound"
    put = ("ssm", "put-parameter", *name, "--type", "String", "--value")
    yield aws(*put, "1").json["Version"], 1
    yield aws(*put, "2").error, "ParameterAlreadyExists"
    yield aws(*put, "2", "--overwrite").json["Version"], 2
    yield aws("ssm", "get-parameter", *name, "--query", "Parameter.Value", output="text").out, "2"
    yield aws("ssm", "delete-parameter", *name).code, 0
    key = aws("kms", "create-key", "--query", "KeyMetadata.KeyId", output="text").out
    alias = ("--alias-name", "alias/cli")
    yield aws("kms", "create-alias", *alias, "--target-key-id", key).code, 0
    yield aws("kms", "create-alias", *alias, "--target-key-id", key).error, "AlreadyExistsException"
    yield aws("kms", "disable-key", "--key-id", key).code, 0
    state = ("kms", "describe-key", "--key-id", "alias/cli", "--query", "KeyMetadata.KeyState")
    yield aws(*state, output="text").out, "Disabled"
    yield aws("kms", "enable-key", "--key-id", key).code, 0
    yield aws(*state, output="text").out, "Enabled"


def groups_of_a_network(aws):
    vpc = aws("ec2", "describe-subnets", "--query", "Subnets[0].VpcId", output="text").out
    create = ("ec2", "create-security-group", "--group-name", "cli", "--description", "cli", "--vpc-id", vpc)
    group = ("--group-id", aws(*create).json["GroupId"])
    yield aws(*create).error, "InvalidGroup.Duplicate"
    rule = ("--protocol", "tcp", "--port", "5432", "--cidr", "10.0.0.0/8")
    yield aws("ec2", "authorize-security-group-ingress", *group, *rule).code, 0
    yield aws("ec2", "authorize-security-group-ingress", *group, *rule).error, "InvalidPermission.Duplicate"
    query = ("--query", "SecurityGroups[0].[GroupName,IpPermissions[0].IpRanges[0].CidrIp]")
    yield aws("ec2", "describe-security-groups", "--group-ids", group[1], *query).json, ["cli", "10.0.0.0/8"]
    by_name = ("--filters", "Name=group-name,Values=cli", "--query", "SecurityGroups[].GroupId")
    yield aws("ec2", "describe-security-groups", *by_name).json, [group[1]]
    yield aws("ec2", "wait", "security-group-exists", "--group-ids", group[1]).code, 0
    yield aws("ec2", "revoke-security-group-ingress", *group, *rule).code, 0
    yield aws("ec2", "revoke-security-group-ingress", *group, *rule).error, "InvalidPermission.NotFound"
    yield aws("ec2", "delete-security-group", *group).code, 0
    yield aws("ec2", "describe-security-groups", "--group-ids", group[1]).error, "InvalidGroup.NotFound"


def another_account_by_a_role(aws):
    role = ("--role-arn", "arn:aws:iam::222222222222:role/admin", "--role-session-name", "cli")
    assumed = aws("sts", "assume-role", *role).json
    yield assumed["AssumedRoleUser"]["Arn"], "arn:aws:sts::222222222222:assumed-role/admin/cli"
    yield sorted(assumed["Credentials"]), ["AccessKeyId", "Expiration", "SecretAccessKey", "SessionToken"]


CASES = (
    a_zone_and_its_records,
    a_health_check_and_what_it_sees,
    a_secret_and_its_replica,
    a_topic_and_who_hears_it,
    parameters_and_keys,
    groups_of_a_network,
    another_account_by_a_role,
)
