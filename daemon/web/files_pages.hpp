#pragma once
// The pages of files: the list, uploads by people, the bytes of one file, and acts (web.md, row
// `/files`). A user sees his own, an operator all. Any thread.

#include "daemon/web/page.hpp"

namespace devy::daemon {

http::Response show_files(Visit& visit);
// The bytes, as a download.
http::Response show_file_content(Visit& visit);
// POST /file/<id>/<act>: persist, which keeps the whole batch, delete, restore; and chosen, which
// answers with what stands in a form in place of its control (part_chosen).
http::Response act_on_file(Visit& visit);

// The words of a page after an act or an upload; empty for any other.
[[nodiscard]] std::string_view files_done_text(std::string_view done);

}  // namespace devy::daemon
