#pragma once
// The head of an operation's page: its state in words, what the reader may do, its error before its
// history. Belongs to the thread that answers.

#include <string>
#include <string_view>

#include "core/platform/web/html/page.hpp"
#include "core/platform/web/operation_detail.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] bool has_ended(std::string_view state);
// "Upload of ada/notes"; `subject` is empty where no system has a name for it.
[[nodiscard]] std::string operation_title(const web::OperationDetail& detail,
                                          const std::string& subject);
// Fills part_operation_head, but for LIVE. `csrf` is empty while the part's digest is made.
void fill_operation_head(html::Fill& fill, const Visit& visit, const web::OperationDetail& detail,
                         const std::string& subject, std::string_view csrf);

}  // namespace devy::daemon
