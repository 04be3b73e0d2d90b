#include "daemon/log_settings.hpp"

#include "core/platform/base/log.hpp"
#include "core/platform/base/log_journal.hpp"

namespace devy::daemon {

void configure_log(const config::Log& settings) {
  using base::log::Format;
  using base::log::Level;
  const auto level = settings.level == "debug"     ? Level::debug
                     : settings.level == "warning" ? Level::warning
                     : settings.level == "error"   ? Level::error
                                                   : Level::info;
  base::log::follow_journal_stream();
  base::log::configure(level, settings.format == "json" ? Format::json : Format::logfmt);
}

}  // namespace devy::daemon
