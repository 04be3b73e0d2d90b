#pragma once
// Answers to a form with files, by who reads them. Pure; any thread.

#include <span>

#include "core/files/receive/batch.hpp"
#include "core/platform/http/server/message.hpp"

namespace devy::daemon {

enum class FormReader {
  page,           // a person, whose browser shows what comes
  part,           // htmx, which puts it into a page
  program,        // JSON as PUT /api/upload answers
  program_of_v1,  // JSON as POST /v1/files answers
};

// A program sends a token; htmx says that it is one.
[[nodiscard]] FormReader form_reader(const server::ReceivedRequest& request);
[[nodiscard]] http::Response form_answer(FormReader reader, const receive::Stored& stored,
                                         bool is_temporary);
// A refusal in JSON, for that reader. Any other answer stays as it is.
[[nodiscard]] http::Response form_refusal(FormReader reader, http::Response response);

// Stands in a form in place of its control for files: name, size, a way to remove it, and the token
// by which the form keeps it, unless that is empty.
[[nodiscard]] http::Response chosen_files(std::span<const files::File> files,
                                          const std::string& token);

}  // namespace devy::daemon
