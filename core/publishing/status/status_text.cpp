#include "core/publishing/status/status_text.hpp"

#include <algorithm>
#include <array>

namespace devy::status {
namespace {

using github::Status;
using github::StatusState;

// Errors that an author can fix, and may read.
constexpr std::array<std::string_view, 11> authors_faults{
    "tree_too_large",  "tree_too_deep", "file_too_large",           "pack_too_large",
    "settings_broken", "root_missing",  "markdown_too_large",       "path_too_long",
    "pack_broken",     "mass_delete",   "object_format_unsupported"};

std::string counts_text(const publishing::ChangeCounts& counts) {
  std::string text;
  const auto add = [&](std::int64_t count, const char* what) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + what;
  };
  add(counts.created, " added");
  add(counts.updated, " changed");
  add(counts.renamed, " moved");
  add(counts.deleted, " deleted");
  return text.empty() ? "no posts changed" : text;
}

std::string place_of(const snapshot::FileError& error) {
  return error.path + (error.line > 0 ? ":" + std::to_string(error.line) : "") + ": " +
         error.message;
}

// A blog stays empty though its tree has files that look like posts: the author has to learn why.
bool leaves_out_everything(const publishing::Upload& upload) {
  return upload.left_out && upload.left_out->posts == 0 && !upload.left_out->is_empty();
}

Status completed(const publishing::Upload& upload,
                 const std::optional<snapshot::FileError>& first) {
  const auto counts = upload.changes.value_or(publishing::ChangeCounts{});
  if (leaves_out_everything(upload))
    return {StatusState::success, "nothing is published: " + blog::left_out_text(*upload.left_out),
            ""};
  if (!first || counts.file_errors == 0) return {StatusState::success, counts_text(counts), ""};
  const auto others = counts.file_errors - 1;
  // Before the place, which may be cut.
  const auto more = others > 0 ? "1 of " + std::to_string(others + 1) + " errors: " : std::string();
  return {StatusState::failure, more + place_of(*first), ""};
}

Status failed(const publishing::Upload& upload) {
  const auto code = upload.error_code.value_or("failed");
  const bool is_authors =
      std::find(authors_faults.begin(), authors_faults.end(), code) != authors_faults.end();
  if (is_authors) return {StatusState::failure, upload.error_text.value_or(code), ""};
  return {StatusState::error, "not published: " + code, ""};
}

Status of_state(const publishing::Upload& upload, const std::optional<snapshot::FileError>& first) {
  switch (upload.state) {
    case queue::State::received:
    case queue::State::verified: return {StatusState::pending, "waiting to be published", ""};
    case queue::State::scheduled:
    case queue::State::processing: return {StatusState::pending, "being published", ""};
    case queue::State::held:
      return {StatusState::pending, "held: " + failed(upload).description, ""};
    case queue::State::completed: return completed(upload, first);
    case queue::State::failed: return failed(upload);
    case queue::State::cancelled:
      if (upload.error_code == publishing::skip_marker_code)
        return {StatusState::success, "not published: it has a skip marker", ""};
      if (!upload.cancelled_by) return {StatusState::error, "cancelled by an operator", ""};
      break;
    case queue::State::dropped:
    case queue::State::duplicate: break;
    case queue::State::disabled: return {StatusState::error, "the blog is not connected", ""};
  }
  return {StatusState::success, "superseded by a newer push", ""};
}

}  // namespace

Status status_of(const publishing::Upload& upload, const std::optional<snapshot::FileError>& first,
                 const std::string& target_url) {
  auto status = of_state(upload, first);
  status.target_url = target_url;
  return status;
}

}  // namespace devy::status
