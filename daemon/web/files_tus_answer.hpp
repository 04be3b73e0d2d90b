#pragma once
// Headers and answers of tus 1.0 (https://tus.io/protocols/resumable-upload), as files.md, section
// 5, has them. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/files/store/upload_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/http/server/message.hpp"

namespace devy::daemon {

// ---- what a request says. Throws Error(rejected, "header_refused") for a header that is wrong.

// A header with a number of bytes; nothing when there is none. A number beyond 63 bits is the
// largest one, which is too large everywhere.
[[nodiscard]] std::optional<std::int64_t> byte_header(const server::ReceivedRequest& request,
                                                      std::string_view name);
// "/files/a-<uuid>.<key>" without the path before.
struct UploadUrl {
  std::string node;
  files::UploadName name;
};
[[nodiscard]] std::optional<UploadUrl> read_upload_url(std::string_view segment);
[[nodiscard]] std::string upload_url(const std::string& node, const files::FileId& id,
                                     const std::string& key);

// ---- answers

// 412 where the request does not speak tus 1.0.0.
[[nodiscard]] std::optional<http::Response> check_tus_version(
    const server::ReceivedRequest& request);
// An answer without a body.
[[nodiscard]] http::Response tus_answer(int status);
void set_offset(http::Response& response, std::int64_t offset);
void set_expires(http::Response& response, const std::optional<base::TimePoint>& expires_at);
// Where the upload's own URL says who may, nobody is told that he may not: limits are 423 or 503.
enum class TusRight { caller, url };
[[nodiscard]] http::Response tus_error_answer(const base::Error& error, TusRight right);
// Adds what all answers have: the version, and what pages of other sites may see of it.
void complete_tus_answer(const server::ReceivedRequest& request, const config::Files& settings,
                         http::Response& response);
[[nodiscard]] http::Response tus_options_answer(const config::Files& settings);

}  // namespace devy::daemon
