"""RDS: a primary, its replica in another region, their backups, and what is refused."""

import time

from storage import REFUSED

ELSEWHERE = ("--region", "eu-west-1")
ARN = "arn:aws:rds:eu-central-1:111111111111"




def becomes(aws, what, wanted, *name):
    """Where the CLI has no waiter: whether it is so within a minute."""
    for _ in range(60):
        if aws("rds", "describe-db-instances", *name, "--query", f"DBInstances[0].{what}").json == wanted:
            return True
        time.sleep(1)
    return False


def a_primary_is_made_and_waited_for(aws):
    subnets = aws("ec2", "describe-subnets", "--query", "Subnets[].SubnetId").json
    named = ("--db-subnet-group-name", "cli-net", "--db-subnet-group-description", "cli")
    yield aws("rds", "create-db-subnet-group", *named, "--subnet-ids", *subnets).code, 0
    group = ("--db-parameter-group-name", "cli-pg")
    family = ("--db-parameter-group-family", "postgres15", "--description", "cli")
    yield aws("rds", "create-db-parameter-group", *group, *family).code, 0
    set_ = "ParameterName=max_connections,ParameterValue=200,ApplyMethod=pending-reboot"
    yield aws("rds", "modify-db-parameter-group", *group, "--parameters", set_).code, 0
    query = ("--query", "Parameters[].[ParameterName,ParameterValue]")
    user = aws("rds", "describe-db-parameters", *group, "--source", "user", *query).json
    yield user, [["max_connections", "200"]]
    made = aws(
        *("rds", "create-db-instance", "--db-instance-identifier", "cli-db", "--engine", "postgres"),
        *("--db-instance-class", "db.t4g.micro", "--allocated-storage", "20"),
        *("--master-username", "master", "--master-user-password", "correct-horse"),
        *("--db-subnet-group-name", "cli-net", "--db-parameter-group-name", "cli-pg"),
        *("--tags", "Key=who,Value=cli", "--deletion-protection"),
    ).json["DBInstance"]
    yield made["DBInstanceStatus"], "creating"
    wait = ("rds", "wait", "db-instance-available", "--db-instance-identifier")
    yield aws(*wait, "cli-db").code, 0
    found = aws("rds", "describe-db-instances", "--db-instance-identifier", "cli-db").json["DBInstances"][0]
    yield (found["Endpoint"]["Port"], found["DBSubnetGroup"]["DBSubnetGroupName"]), (5432, "cli-net")
    yield found["TagList"], [{"Key": "who", "Value": "cli"}]


def what_is_refused_says_so(aws):
    describe = ("rds", "describe-db-instances", "--db-instance-identifier")
    none = aws(*describe, "none")
    yield (none.code, none.error), (REFUSED, "DBInstanceNotFound")
    yield aws("rds", "wait", "db-instance-deleted", "--db-instance-identifier", "none").code, 0
    delete = ("rds", "delete-db-instance", "--db-instance-identifier", "cli-db")
    yield aws(*delete, "--skip-final-snapshot").error, "InvalidParameterCombination"
    yield aws("rds", "promote-read-replica", "--db-instance-identifier", "cli-db").error, "InvalidDBInstanceState"
    snapshot = ("--db-snapshot-identifier", "none")
    yield aws("rds", "describe-db-snapshots", *snapshot).error, "DBSnapshotNotFound"
    yield aws("rds", "delete-db-parameter-group", "--db-parameter-group-name", "cli-pg").error, "InvalidDBParameterGroupState"
    yield aws("rds", "delete-db-subnet-group", "--db-subnet-group-name", "cli-net").error, "InvalidDBSubnetGroupStateFault"
    again = ("--db-parameter-group-name", "cli-pg", "--db-parameter-group-family", "postgres15")
    yield aws("rds", "create-db-parameter-group", *again, "--description", "x").error, "DBParameterGroupAlreadyExists"


def tags_are_set_and_taken_away(aws):
    of = ("--resource-name", f"{ARN}:db:cli-db")
    yield aws("rds", "add-tags-to-resource", *of, "--tags", "Key=more,Value=1").code, 0
    yield aws("rds", "remove-tags-from-resource", *of, "--tag-keys", "who").code, 0
    yield aws("rds", "list-tags-for-resource", *of).json["TagList"], [{"Key": "more", "Value": "1"}]


def a_replica_elsewhere_is_promoted(aws):
    name = ("--db-instance-identifier", "cli-standby")
    source = ("--source-db-instance-identifier", f"{ARN}:db:cli-db")
    yield aws("rds", "create-db-instance-read-replica", *name, *source, *ELSEWHERE).code, 0
    yield aws("rds", "wait", "db-instance-available", *name, *ELSEWHERE).code, 0
    query = ("--query", "DBInstances[0].[ReadReplicaSourceDBInstanceIdentifier,StatusInfos[0].Status]")
    followed = aws("rds", "describe-db-instances", *name, *ELSEWHERE, *query).json
    yield followed, [f"{ARN}:db:cli-db", "replicating"]
    yield aws("rds", "promote-read-replica", *name, *ELSEWHERE).code, 0
    yield becomes(aws, "ReadReplicaSourceDBInstanceIdentifier", None, *name, *ELSEWHERE), True
    yield aws("rds", "wait", "db-instance-available", *name, *ELSEWHERE).code, 0
    yield aws("rds", "delete-db-instance", *name, *ELSEWHERE, "--skip-final-snapshot").code, 0
    yield aws("rds", "wait", "db-instance-deleted", *name, *ELSEWHERE).code, 0


def a_backup_is_copied_and_restored(aws):
    name = ("--db-snapshot-identifier", "cli-snap")
    take = ("rds", "create-db-snapshot", *name, "--db-instance-identifier", "cli-db")
    yield aws(*take).json["DBSnapshot"]["Status"], "creating"
    yield aws("rds", "wait", "db-snapshot-available", *name).code, 0
    yield aws(*take).error, "DBSnapshotAlreadyExists"
    copy = ("--source-db-snapshot-identifier", f"{ARN}:snapshot:cli-snap")
    target = ("--target-db-snapshot-identifier", "cli-copy")
    yield aws("rds", "copy-db-snapshot", *copy, *target, *ELSEWHERE, "--source-region", "eu-central-1").code, 0
    yield aws("rds", "wait", "db-snapshot-completed", "--db-snapshot-identifier", "cli-copy", *ELSEWHERE).code, 0
    restore = ("--db-instance-identifier", "cli-restored", "--db-snapshot-identifier", "cli-copy")
    yield aws("rds", "restore-db-instance-from-db-snapshot", *restore, *ELSEWHERE).code, 0
    restored = ("--db-instance-identifier", "cli-restored", *ELSEWHERE)
    yield aws("rds", "wait", "db-instance-available", *restored).code, 0
    yield aws("rds", "delete-db-instance", *restored, "--skip-final-snapshot").code, 0
    yield aws("rds", "delete-db-snapshot", *name).code, 0
    yield aws("rds", "wait", "db-snapshot-deleted", *name).code, 0


def it_is_stopped_started_rebooted_and_changed(aws):
    name = ("--db-instance-identifier", "cli-db")
    yield aws("rds", "reboot-db-instance", *name).code, 0
    yield aws("rds", "wait", "db-instance-available", *name).code, 0
    yield aws("rds", "stop-db-instance", *name).code, 0
    yield becomes(aws, "DBInstanceStatus", "stopped", *name), True
    yield aws("rds", "reboot-db-instance", *name).error, "InvalidDBInstanceState"
    yield aws("rds", "start-db-instance", *name).code, 0
    yield aws("rds", "wait", "db-instance-available", *name).code, 0
    change = ("--no-deletion-protection", "--apply-immediately")
    yield aws("rds", "modify-db-instance", *name, *change).code, 0
    yield aws("rds", "wait", "db-instance-available", *name).code, 0
    happened = aws("rds", "describe-events", "--source-identifier", "cli-db", "--source-type", "db-instance")
    yield len(happened.json["Events"]) > 2, True
    yield aws("rds", "delete-db-instance", *name, "--skip-final-snapshot").code, 0
    yield aws("rds", "wait", "db-instance-deleted", *name).code, 0
    yield aws("rds", "delete-db-subnet-group", "--db-subnet-group-name", "cli-net").code, 0


# In this order: each goes on with what the one before it left.
CASES = (
    a_primary_is_made_and_waited_for,
    what_is_refused_says_so,
    tags_are_set_and_taken_away,
    a_replica_elsewhere_is_promoted,
    a_backup_is_copied_and_restored,
    it_is_stopped_started_rebooted_and_changed,
)
