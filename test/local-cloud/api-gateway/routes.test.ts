import { expect, test } from "vitest";
import { matchRoute } from "../../../lib/local-cloud/api-gateway/routes.ts";

const ROUTES = ["GET /a", "GET /a/{id}", "GET /a/new", "ANY /any", "DELETE /a/{id}/b/{other-id}"];

test.each([
  ["a plain path", "GET", "/a", "GET /a", undefined],
  ["a variable", "GET", "/a/1", "GET /a/{id}", { id: "1" }],
  ["a full match before a variable", "GET", "/a/new", "GET /a/new", undefined],
  ["any method", "PATCH", "/any", "ANY /any", undefined],
  [
    "two variables",
    "DELETE",
    "/a/1/b/2",
    "DELETE /a/{id}/b/{other-id}",
    { id: "1", "other-id": "2" },
  ],
  ["what is encoded, as one segment", "GET", "/a/..%2Fx%20y", "GET /a/{id}", { id: "../x y" }],
])("a request takes %s", (_what, method, path, routeKey, pathParameters) => {
  const expected = { routeKey, ...(pathParameters && { pathParameters }) };
  expect(matchRoute(ROUTES, method, path)).toEqual(expected);
});

test.each([
  ["another method", "POST", "/a"],
  ["an empty variable", "GET", "/a/"],
  ["more segments", "GET", "/a/1/2"],
  ["a broken encoding", "GET", "/a/%zz"],
  ["nothing like it", "GET", "/b"],
])("no route is taken by %s, unless there is $default", (_what, method, path) => {
  expect(matchRoute(ROUTES, method, path)).toBeUndefined();
  expect(matchRoute([...ROUTES, "$default"], method, path)).toEqual({ routeKey: "$default" });
});
