#pragma once
// Answers of the API of projects and tasks: documents, and errors as {error: {code, message, hint,
// fields}}. Pure; any thread.

#include <map>
#include <string>
#include <string_view>

#include "core/platform/base/error.hpp"
#include "core/platform/http/message.hpp"
#include "core/platform/json/json.hpp"

namespace devy::daemon {

struct SyncRefusal {
  std::string code, message, hint;
  std::map<std::string, std::string> fields = {};  // what is wrong with which
};
[[nodiscard]] http::Response sync_refusal(int status, const SyncRefusal& refusal);
// The same for an answer that refuses a caller; its headers stay.
[[nodiscard]] http::Response sync_refusal(http::Response refused);
// The answer for an error. A fault inside is logged under the path, and not told.
[[nodiscard]] http::Response sync_error_answer(const base::Error& error, std::string_view path);

[[nodiscard]] http::Response no_content_answer();
// With the record's version as its ETag.
[[nodiscard]] http::Response versioned_answer(int status, const json::Json& document, int version);

}  // namespace devy::daemon
