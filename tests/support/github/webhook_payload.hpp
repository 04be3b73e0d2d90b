#pragma once
// Payloads of webhooks as GitHub makes them (github.md), for the repository alice/notes unless told
// otherwise. Values; any thread.

#include <cstdint>
#include <string>

namespace devy::testing {

struct PayloadRepository {
  std::int64_t id = 42;
  std::string owner = "alice", name = "notes";
  std::string default_branch = "main";
  std::string url = {};  // empty: https://github.com/owner/name.git
  bool is_private = false;
  std::string updated_at = {};  // empty: not said
};

struct PushPayload {
  PayloadRepository repository = {};
  std::string ref = "refs/heads/main";
  std::string after = "1111111111111111111111111111111111111111";
  std::string message = "Say more";
  std::int64_t pushed_at = 1'767'225'600;  // 2026-01-01T00:00:00Z
  bool is_deleted = false;
  std::int64_t installation = 0;  // 0: none
  std::size_t padding_bytes = 0;  // of commits that nobody reads
};

[[nodiscard]] std::string push_payload(const PushPayload& push = {});
// `more` are further members, as `"changes":{}`.
[[nodiscard]] std::string repository_payload(const std::string& action,
                                             const PayloadRepository& repository = {},
                                             const std::string& more = "");
[[nodiscard]] std::string ping_payload();
// As the field `payload` of a form.
[[nodiscard]] std::string form_body(const std::string& payload);
// A GUID of its own for each number.
[[nodiscard]] std::string guid(int number);

}  // namespace devy::testing
