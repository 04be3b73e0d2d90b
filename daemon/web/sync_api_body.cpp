#include "daemon/web/sync_api_body.hpp"

#include <algorithm>
#include <charconv>

#include "core/platform/http/server/query.hpp"
#include "core/platform/web/audit_store.hpp"
#include "daemon/serving/sender.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t request_key_bytes_max = 255;

constexpr json::Format sync_body_format{.name = "the body",
                                        .bytes_max = 512UL * 1024,
                                        .depth_max = 4,
                                        .kind = ErrorKind::usage,
                                        .code = "body_unreadable",
                                        .hint = "Send one JSON object."};

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

json::Value read_sync_body(const server::ReceivedRequest& request,
                           std::initializer_list<std::string_view> names) {
  auto body = json::parse(request.body.empty() ? "{}" : request.body, sync_body_format);
  if (!body.is_object())
    throw Error(ErrorKind::usage, "unable to read the body: it is no object",
                "Send one JSON object.", "body_unreadable");
  for (const auto& [name, value] : body.members())
    if (std::ranges::find(names, name) == names.end())
      throw Error(ErrorKind::rejected,
                  "unable to take the body: it has a field that nobody knows here",
                  "The document /v1/sync/openapi.json lists the fields.", "field_unknown");
  return body;
}

std::vector<std::string> texts_of(const json::Value& body, std::string_view name) {
  std::vector<std::string> texts;
  for (const auto& item : body.maybe_items(name))
    texts.push_back(item.text());
  return texts;
}

std::optional<int> expected_version(const server::ReceivedRequest& request) {
  auto text = request.header("If-Match");
  if (text.empty()) return std::nullopt;
  if (text.size() > 2 && text.front() == '"' && text.back() == '"')
    if (const auto version = number_in(text.substr(1, text.size() - 2))) return version;
  throw Error(ErrorKind::usage, "unable to read If-Match: it is no version",
              "Send the ETag of the answer before, as in If-Match: \"3\".", "condition_invalid");
}

std::optional<sync::RequestKey> request_key(const server::ReceivedRequest& request) {
  const auto key = request.header("Idempotency-Key");
  if (key.empty()) return std::nullopt;
  if (key.size() > request_key_bytes_max)
    throw Error(ErrorKind::usage, "unable to read Idempotency-Key: it is too long",
                "Send at most 255 characters.", "key_invalid");
  return sync::RequestKey{std::string(key), request.body};
}

sync::TaskChange read_task_change(SyncCall& call, const json::Value& body) {
  sync::TaskChange change;
  change.title = body.maybe_text("title");
  change.body = body.maybe_text("body");
  change.state = body.maybe_text("state");
  change.state_reason = body.maybe_text("state_reason");
  change.list = body.maybe_text("list");
  change.is_archived = body.maybe_boolean("is_archived");
  if (body.has("labels")) change.labels = texts_of(body, "labels");
  if (body.has_name("milestone")) change.milestone = body.maybe_text("milestone");
  if (body.has("assignees"))
    change.assignees = sync::accounts_named(call.connection, texts_of(body, "assignees"));
  return change;
}

PageWish read_page_wish(const server::ReceivedRequest& request) {
  const auto query = server::read_query(request);
  PageWish wish{std::string(query.line("cursor").value_or("")), sync_page_max};
  if (const auto limit = query.line("limit")) {
    const auto number = number_in(*limit);
    if (!number || *number < 1 || *number > sync_page_max)
      throw Error(ErrorKind::usage, "unable to read the limit: it is no number from 1 to 100", "",
                  "limit_invalid");
    wish.limit = *number;
  }
  return wish;
}

void note_sync_act(SyncCall& call, const char* act, const std::string& target) {
  web::record_act(call.connection, {.actor = call.caller.name,
                                    .address = sender_of(call.request).address,
                                    .act = act,
                                    .target = target});
}

}  // namespace devy::daemon
