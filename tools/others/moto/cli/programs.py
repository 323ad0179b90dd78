"""Step Functions, CloudFormation with a function, CloudWatch, schedules, and what the local cloud has not."""

import json
import pathlib

from storage import HERE, REFUSED

ROLE = "arn:aws:iam::111111111111:role/cli"
WAITS = {
    "QueryLanguage": "JSONata",
    "StartAt": "Rest",
    "States": {"Rest": {"Type": "Wait", "Seconds": 600, "End": True}},
}
SPEAKS = {
    "QueryLanguage": "JSONata",
    "StartAt": "Say",
    "States": {"Say": {"Type": "Pass", "Output": {"said": "{% $states.input.word %}"}, "End": True}},
}


def an_execution_and_its_history(aws):
    create = ("stepfunctions", "create-state-machine", "--role-arn", ROLE, "--name")
    arn = aws(*create, "cli-says", "--definition", SPEAKS).json["stateMachineArn"]
    yield aws(*create, "cli-says", "--definition", WAITS).error, "StateMachineAlreadyExists"
    yield aws(*create, "cli-none", "--definition", "{}").error, "InvalidDefinition"
    start = ("stepfunctions", "start-execution", "--name", "one", "--input", {"word": "ä"}, "--state-machine-arn")
    execution = ("--execution-arn", aws(*start, arn).json["executionArn"])
    history = ("stepfunctions", "get-execution-history", *execution, "--page-size", "2")
    ended = []
    for _ in range(100):
        ended = aws(*history, "--query", "events[].type").json
        if ended[-1] != "PassStateEntered":
            break
    yield (ended[0], ended[-1]), ("ExecutionStarted", "ExecutionSucceeded")
    found = aws("stepfunctions", "describe-execution", *execution).json
    yield (found["status"], json.loads(found["output"])), ("SUCCEEDED", {"said": "ä"})
    yield aws(*start, arn).error, "ExecutionAlreadyExists"
    yield aws("stepfunctions", "delete-state-machine", "--state-machine-arn", arn).code, 0
    gone = aws(*start, arn)
    yield (gone.code, gone.error), (REFUSED, "StateMachineDoesNotExist")


def an_execution_is_stopped(aws):
    create = ("stepfunctions", "create-state-machine", "--role-arn", ROLE, "--name", "cli-waits")
    machine = ("--state-machine-arn", aws(*create, "--definition", WAITS).json["stateMachineArn"])
    started = aws("stepfunctions", "start-execution", *machine, "--name", "one").json
    running = ("--status-filter", "RUNNING", "--query", "executions[].name")
    yield aws("stepfunctions", "list-executions", *machine, *running).json, ["one"]
    stop = ("--execution-arn", started["executionArn"], "--error", "Enough", "--cause", "by hand")
    yield aws("stepfunctions", "stop-execution", *stop).code, 0
    yield aws("stepfunctions", "describe-execution", *stop[:2]).json["status"], "ABORTED"
    yield aws("stepfunctions", "list-executions", *machine, *running).json, []


FUNCTION = "export const handler = async ({ word }) => ({ said: `${word} from ${process.env.PLACE}` });\n"


def template(place):
    trust = {
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        ]
    }
    log = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    allowed = {"Statement": [{"Effect": "Allow", "Action": log, "Resource": "*"}]}
    return {
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": trust,
                    "Policies": [{"PolicyName": "log", "PolicyDocument": allowed}],
                },
            },
            "Says": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "FunctionName": "cli-says",
                    "Runtime": "nodejs24.x",
                    "Handler": "index.handler",
                    "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                    "Code": "code",
                    "Environment": {"Variables": {"PLACE": place}},
                },
            },
        },
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Says", "Arn"]}}},
    }


def a_stack_with_a_function(aws):
    pathlib.Path("code").mkdir()
    pathlib.Path("code/index.mjs").write_text(FUNCTION)
    aws("s3", "mb", "s3://cli-code", *HERE)
    stack = ("--stack-name", "cli-stack")
    deploy = ("cloudformation", "deploy", *stack, "--template-file", "packed.json", "--capabilities", "CAPABILITY_IAM")
    says = ("lambda", "invoke", "--function-name", "cli-says", "--payload", {"word": "hello"})
    for place in ("here", "there"):
        pathlib.Path("template.json").write_text(json.dumps(template(place)))
        pack = ("--template-file", "template.json", "--s3-bucket", "cli-code", "--use-json")
        yield aws("cloudformation", "package", *pack, "--output-template-file", "packed.json").code, 0
        yield aws(*deploy).code, 0
        yield aws(*says, "answer.json").json["StatusCode"], 200
        yield json.loads(pathlib.Path("answer.json").read_text()), {"said": f"hello from {place}"}
    yield aws(*deploy, "--no-fail-on-empty-changeset").code, 0
    yield aws(*deploy, "--fail-on-empty-changeset").code, REFUSED
    yield aws("cloudformation", "wait", "stack-update-complete", *stack).code, 0
    found = aws("cloudformation", "describe-stacks", *stack).json["Stacks"][0]
    yield found["StackStatus"], "UPDATE_COMPLETE"
    query = ("--query", "StackResourceSummaries[].LogicalResourceId")
    yield sorted(aws("cloudformation", "list-stack-resources", *stack, *query).json), ["Role", "Says"]
    yield aws("cloudformation", "delete-stack", *stack).code, 0
    yield aws("cloudformation", "wait", "stack-delete-complete", "--stack-name", found["StackId"]).code, 0
    yield aws("cloudformation", "describe-stacks", *stack).error, "ValidationError"
    yield aws(*says, "answer.json").error, "ResourceNotFoundException"


def alarms_and_schedules(aws):
    alarm = ("--alarm-name", "cli", "--namespace", "Cli", "--metric-name", "m", "--statistic", "Sum")
    when = ("--period", "60", "--evaluation-periods", "1", "--threshold", "1")
    compared = ("--comparison-operator", "GreaterThanThreshold")
    yield aws("cloudwatch", "put-metric-alarm", *alarm, *when, *compared).code, 0
    query = ("--query", "MetricAlarms[].[AlarmName,StateValue]")
    yield aws("cloudwatch", "describe-alarms", "--alarm-names", "cli", *query).json, [["cli", "INSUFFICIENT_DATA"]]
    yield aws("cloudwatch", "delete-alarms", "--alarm-names", "cli").code, 0
    data = ("--namespace", "Cli", "--metric-name", "m", "--value", "2")
    yield aws("cloudwatch", "put-metric-data", *data).code, 0
    yield aws("cloudwatch", "list-metrics", "--namespace", "Cli", "--query", "Metrics[].MetricName").json, ["m"]
    target = {"Arn": "arn:aws:lambda:eu-central-1:111111111111:function:none", "RoleArn": ROLE}
    schedule = ("--name", "cli", "--schedule-expression", "rate(1 minute)", "--flexible-time-window", "Mode=OFF")
    yield aws("scheduler", "create-schedule", *schedule, "--target", target).code, 0
    yield aws("scheduler", "create-schedule", *schedule, "--target", target).error, "ConflictException"
    yield aws("scheduler", "get-schedule", "--name", "cli").json["ScheduleExpression"], "rate(1 minute)"
    yield aws("scheduler", "delete-schedule", "--name", "cli").code, 0
    yield aws("scheduler", "get-schedule", "--name", "cli").error, "ResourceNotFoundException"


def what_is_not_there_says_so(aws):
    missing = aws("rds", "describe-db-clusters")
    yield (missing.code, missing.error), (REFUSED, "NotImplemented")
    yield aws("dynamodb", "list-tables").error, "UnknownService"
    yield aws("rds", "describe-db-instances", "--no-such-word").code, REFUSED


CASES = (
    an_execution_and_its_history,
    an_execution_is_stopped,
    a_stack_with_a_function,
    alarms_and_schedules,
    what_is_not_there_says_so,
)
