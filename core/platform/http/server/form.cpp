// Reading the two places where a request has fields (query.hpp, form.hpp).
#include "core/platform/http/server/form.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/http/server/query.hpp"

namespace devy::server {
namespace {

bool is_form(std::string_view content_type) {
  const auto mark = std::min(content_type.find(';'), content_type.size());
  const auto kind = base::trim_blanks(content_type.substr(0, mark));
  if (!base::is_same_word(kind, "application/x-www-form-urlencoded")) return false;
  if (mark == content_type.size()) return true;
  return base::is_same_word(base::trim_blanks(content_type.substr(mark + 1)), "charset=utf-8");
}

}  // namespace

Fields read_query(const ReceivedRequest& request) {
  return {request.query, query_limits};
}

Fields read_form(const ReceivedRequest& request) {
  if (!is_form(request.header("Content-Type")))
    throw base::Error(base::ErrorKind::usage, "unable to read the form: it is none",
                      "Send it as application/x-www-form-urlencoded in UTF-8.", "form_expected");
  return {request.body, form_limits};
}

}  // namespace devy::server
