#include "core/publishing/plan/date_source.hpp"

#include <string>

#include "core/platform/base/error.hpp"

namespace devy::plan {

std::string_view to_string(DateSource source) {
  switch (source) {
    case DateSource::written: return "written";
    case DateSource::history: return "history";
    case DateSource::commit: return "commit";
    case DateSource::pending: return "pending";
  }
  return "commit";
}

DateSource parse_date_source(std::string_view text) {
  for (const auto source :
       {DateSource::written, DateSource::history, DateSource::commit, DateSource::pending})
    if (to_string(source) == text) return source;
  throw base::Error(base::ErrorKind::internal,
                    "unable to read the source of a date: '" + std::string(text) + "'");
}

}  // namespace devy::plan
