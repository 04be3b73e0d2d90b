#pragma once
// The addresses that GitHub sends from, as it lists them at /meta. They are requested when
// refresh() is called, and the last good response is kept, also on disk when a file is configured.
// An invalid response changes nothing. Any thread may read; one thread refreshes.

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/webhook/address_range.hpp"

namespace devy::daemon {

// Ranges older than this are worth a warning, because GitHub adds ranges now and then.
inline constexpr std::chrono::hours ranges_age_max{48};

class SenderRanges {
 public:
  // Reads the ranges stored on disk. `ca_file` is used for requests; empty means the system's
  // authorities. Borrows the clock.
  SenderRanges(const config::Webhook& settings, std::string ca_file, const base::Clock& clock);

  // Requests the list; returns false when no newer list was obtained. Network errors are not
  // thrown.
  bool refresh();

  [[nodiscard]] bool are_known() const;
  [[nodiscard]] bool has(const std::string& address) const;
  // The time since GitHub last confirmed the ranges; nothing while none are known.
  [[nodiscard]] std::optional<std::chrono::seconds> age() const;

 private:
  void read_kept();
  void keep(const std::string& document) const;
  void take(std::vector<webhook::AddressRange> ranges, std::string etag);
  void warn_if_stale() const;

  const config::Webhook settings_;
  const std::string ca_file_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;  // guards the members below
  std::vector<webhook::AddressRange> ranges_;
  std::string etag_;
  base::TimePoint known_at_{};
};

// Returns the `hooks` of a /meta document; nothing when it is no such document, or lists none.
[[nodiscard]] std::optional<std::vector<webhook::AddressRange>> ranges_of(
    const std::string& document);

}  // namespace devy::daemon
