#pragma once
// Forms with files (multipart/form-data), read as they come (files.md, section 5):
//
//   POST /upload, /upload_temporary   of pages, and of whoever has a token
//   POST /v1/files                    of programs
//
// Fields stand before the files: `_csrf` of a page, `temporary` (any value but "false"), and
// `upload_token`, up to 20 of them: the batches that the form keeps. Pages are answered by pages
// (303, an error), by parts (htmx), programs in JSON.

#include <vector>

#include "daemon/web/files_api.hpp"

namespace devy::daemon {

[[nodiscard]] std::vector<FilesRoute> file_form_routes(const config::Files& settings);
// Opens that of POST /v1/files, whose query may say `temporary`.
[[nodiscard]] server::Opening open_api_form(FilesCall& call);
// The longest body of a form: its files, and what stands around them.
[[nodiscard]] std::uint64_t form_bytes_max(const config::Files& settings);

}  // namespace devy::daemon
