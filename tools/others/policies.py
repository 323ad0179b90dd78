"""What cloudsplaining says of every IAM policy of the templates named: one JSON list of {check, where, template, says}."""

import json
import sys

from cloudsplaining.scan.policy_document import PolicyDocument

PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::AccountId": "111111111111",
    "AWS::URLSuffix": "amazonaws.com",
}


def resolved(value):
    """With every function of CloudFormation as a text of the kind that it becomes."""
    if isinstance(value, list):
        return [resolved(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(function, argument)] = value.items()
        if function == "Ref":
            return PSEUDO.get(argument, argument)
        if function == "Fn::Join":
            return argument[0].join(str(resolved(each)) for each in argument[1])
        if function == "Fn::GetAtt":
            return "arn:aws:service:eu-west-1:111111111111:" + ".".join(argument)
        if function == "Fn::Sub":
            return argument if isinstance(argument, str) else argument[0]
    return {key: resolved(each) for key, each in value.items()}


def documents(resource):
    properties = resource.get("Properties", {})
    if resource["Type"] in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        yield properties["PolicyDocument"]
    for policy in properties.get("Policies", []) if resource["Type"] == "AWS::IAM::Role" else []:
        yield policy["PolicyDocument"]


def findings(policy):
    """By kind, what a policy allows beyond what it names."""
    return {
        "privilege-escalation": policy.allows_privilege_escalation,
        "data-exfiltration": policy.allows_data_exfiltration_actions,
        "resource-exposure": policy.permissions_management_without_constraints,
        "unbounded-writes": policy.write_actions_without_constraints,
        "credentials-exposure": policy.credentials_exposure,
        "service-wildcard": policy.service_wildcard,
    }


def main(paths):
    found, count = [], 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            resources = json.load(file)["Resources"]
        for name, resource in resources.items():
            for document in documents(resource):
                count += 1
                for check, what in findings(PolicyDocument(resolved(document))).items():
                    if what:
                        where = f"{resource['Type']}.{name}"
                        says = json.dumps(what)
                        found.append({"check": check, "where": where, "template": path, "says": says})
    if count == 0:
        sys.exit("no policy was found")
    print(json.dumps(found))


main(sys.argv[1:])
