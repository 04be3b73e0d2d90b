#include "tests/support/github/webhook_payload.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace devy::testing {
namespace {

using nlohmann::json;

json to_json(const PayloadRepository& repository) {
  const auto full = repository.owner + "/" + repository.name;
  json object = {{"id", repository.id},
                 {"name", repository.name},
                 {"full_name", full},
                 {"private", repository.is_private},
                 {"archived", false},
                 {"owner", {{"login", repository.owner}, {"name", repository.owner}}},
                 {"clone_url",
                  repository.url.empty() ? "https://github.com/" + full + ".git" : repository.url},
                 {"default_branch", repository.default_branch}};
  if (!repository.updated_at.empty()) object["updated_at"] = repository.updated_at;
  return object;
}

}  // namespace

std::string push_payload(const PushPayload& push) {
  const std::string zeros(40, '0');
  json payload = {{"ref", push.ref},
                  {"before", zeros},
                  {"after", push.is_deleted ? zeros : push.after},
                  {"created", false},
                  {"deleted", push.is_deleted},
                  {"forced", false},
                  {"head_commit", nullptr},
                  {"commits", json::array()},
                  {"repository", to_json(push.repository)}};
  payload["repository"]["pushed_at"] = push.pushed_at;
  if (!push.is_deleted) payload["head_commit"] = {{"message", push.message}};
  if (push.installation != 0) payload["installation"] = {{"id", push.installation}};
  if (push.padding_bytes != 0)
    payload["commits"].push_back({{"message", std::string(push.padding_bytes, 'x')}});
  return payload.dump();
}

std::string repository_payload(const std::string& action, const PayloadRepository& repository,
                               const std::string& more) {
  json payload = {{"action", action}, {"repository", to_json(repository)}};
  if (!more.empty()) payload.update(json::parse("{" + more + "}"));
  return payload.dump();
}

std::string ping_payload() {
  return R"({"zen":"Keep it logically awesome.","hook_id":7,"hook":{"events":["push"]}})";
}

std::string form_body(const std::string& payload) {
  std::string body = "payload=";
  for (const char c : payload) {
    std::array<char, 4> text{};
    std::snprintf(text.data(), text.size(), "%%%02X", static_cast<unsigned char>(c));
    body += text.data();
  }
  return body;
}

std::string guid(int number) {
  std::array<char, 37> text{};
  std::snprintf(text.data(), text.size(), "%08x-0000-4000-8000-000000000000",
                static_cast<unsigned>(number));
  return text.data();
}

}  // namespace devy::testing
