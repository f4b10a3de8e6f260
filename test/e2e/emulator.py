"""Starts MiniStack with the features of AWS that cloudtab needs and MiniStack lacks. AWS documents each of them; remove
one when MiniStack has it.

1. `Parameter Store Change` events: AWS publishes one on the default bus for every write to a parameter. MiniStack
   publishes none, and rejects `aws.*` sources in PutEvents, as AWS does, so no client can publish them.
2. `UnlabelParameterVersion`: MiniStack can attach labels to a version, but not detach them.
3. The length of a parameter's history: AWS keeps the last 100 versions, MiniStack keeps all.
4. Pages of `ListSchedules`: MiniStack returns at most `MaxResults` schedules and no token for the others.
5. Updates during an invocation: on AWS it ends with the code that it started with, MiniStack kills its process.
6. The caller of a function URL: AWS puts the identity that signed the request into the event, MiniStack leaves it out.

With AUTH=true MiniStack checks each call against the policies of its caller, with two differences from AWS:

7. It assigns every schedule to the group `default`, and no resource to listings of schedules and of parameters by
   path, so policies that name their resources would allow nothing.
8. Its requests use plain HTTP, so policies that require TLS, such as those of the CDK's bucket, would deny everything.

AWS delivers the events of 1 on a best-effort basis. While the working folder has a file `withheld`, this script appends
the parameter names of events to that file, one a line, instead of publishing the events.
"""

import json
import os

from ministack import app
from ministack.core import iam_actions, iam_evaluator, lambda_runtime, router
from ministack.services import eventbridge, lambda_svc, scheduler, ssm

serve = ssm.handle_request
list_all = scheduler._list_schedules
name_resource = iam_actions.extract_resource_arn
pin_origin = app.pin_request_origin
stop_workers = lambda_svc.invalidate_worker
release = lambda_svc.release_worker
build_event = lambda_svc._build_function_url_event
# cspell:ignore proc
retired = []


async def handle_request(method, path, headers, body, query_params):
    action = headers.get("x-amz-target", "").split(".")[-1]
    asked = json.loads(body) if body else {}
    if action == "UnlabelParameterVersion":
        return unlabel(asked)
    before = dict(ssm._parameters.get(asked.get("Name"), {}))
    answer = await serve(method, path, headers, body, query_params)
    if answer[0] == 200:
        publish(action, asked, before)
        del ssm._parameter_history.get(asked.get("Name"), [])[:-100]
    return answer


def unlabel(asked):
    wanted, version = asked["Labels"], asked["ParameterVersion"]
    history = ssm._parameter_history.get(asked["Name"])
    if history is None:
        return ssm.error_response_json("ParameterNotFound", f"Parameter {asked['Name']} not found", 400)
    entry = next((entry for entry in history if entry["Version"] == version), None)
    if entry is None:
        return ssm.error_response_json("ParameterVersionNotFound", f"Version {version} not found", 400)
    removed = [label for label in wanted if label in entry["Labels"]]
    entry["Labels"][:] = [label for label in entry["Labels"] if label not in removed]
    invalid = [label for label in wanted if label not in removed]
    return ssm.json_response({"RemovedLabels": removed, "InvalidLabels": invalid})


def publish(action, asked, before):
    operations = {
        "PutParameter": "Update" if before else "Create",
        "DeleteParameter": "Delete",
        "LabelParameterVersion": "LabelParameterVersion",
    }
    if action not in operations:
        return
    kind = asked.get("Type") or before.get("Type", "String")
    event = {
        "Source": "aws.ssm",
        "DetailType": "Parameter Store Change",
        "Resources": [ssm._param_arn(asked["Name"])],
        "Detail": json.dumps({"operation": operations[action], "name": asked["Name"], "type": kind}),
    }
    if os.path.exists("withheld"):
        with open("withheld", "a") as withheld:
            withheld.write(f"{asked['Name']}\n")
        return
    eventbridge._put_events({"Entries": [event]}, allow_aws_source=True)


def list_schedules(query):
    status, headers, body = list_all({**query, "MaxResults": "1000000"})
    last, size = query.get("NextToken", ""), int(query.get("MaxResults", 100))
    left = [schedule for schedule in json.loads(body)["Schedules"] if schedule["Name"] > last]
    left.sort(key=lambda schedule: schedule["Name"])
    page = {"Schedules": left[:size]}
    if len(left) > size:
        page["NextToken"] = left[size - 1]["Name"]
    return status, headers, json.dumps(page).encode()


def invalidate_worker(name, **scope):
    with lambda_runtime._lock:
        for workers in lambda_runtime._workers.values():
            busy = [worker for worker in workers if worker.func_name == name and is_executing(worker)]
            retired.extend(busy)
            workers[:] = [worker for worker in workers if worker not in busy]
    stop_workers(name, **scope)


def is_executing(worker):
    return worker.in_use and worker._proc is not None and worker._proc.poll() is None


def release_worker(worker):
    release(worker)
    if worker in retired:
        retired.remove(worker)
        worker.kill()


def function_url_event(url_id, account_id, region, method, path, headers, body, query_params, **more):
    event = build_event(url_id, account_id, region, method, path, headers, body, query_params, **more)
    caller = iam_evaluator.resolve_caller_identity(router.extract_access_key_id(headers, query_params))
    if caller is not None:
        iam = {name: caller[name] for name in ("accessKey", "accountId", "userArn", "userId")}
        event["requestContext"]["authorizer"] = {"iam": iam}
    return event


def resource_arn(service, method, path, headers, body, query, region, account_id):
    if service == "scheduler" and path.startswith("/schedules"):
        asked = json.loads(body) if body else {key: value[0] for key, value in query.items()}
        name = path.removeprefix("/schedules").strip("/")
        group = asked.get("GroupName") or asked.get("groupName") or "default"
        schedule = f"{group}/{name}" if name else "*/*"
        return f"arn:aws:scheduler:{region}:{account_id}:schedule/{schedule}"
    if service == "ssm" and (asked := json.loads(body or b"{}")).get("Path"):
        return f"arn:aws:ssm:{region}:{account_id}:parameter{asked['Path']}"
    return name_resource(service, method, path, headers, body, query, region, account_id)


ssm.handle_request = handle_request
scheduler._list_schedules = list_schedules
lambda_svc.invalidate_worker = invalidate_worker
lambda_svc.release_worker = release_worker
lambda_svc._build_function_url_event = function_url_event
iam_actions.extract_resource_arn = resource_arn
app.pin_request_origin = lambda source_ip, secure: pin_origin(source_ip, True)

if __name__ == "__main__":
    app.main()
