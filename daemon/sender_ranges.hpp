#pragma once
// The addresses that GitHub sends from, as it lists them at /meta: asked for when told to, and the
// last good answer kept, on disk too where a file is named. An answer that makes no sense changes
// nothing. Any thread may look; one refreshes.

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/config/config.hpp"
#include "core/webhook/address_range.hpp"

namespace devy::daemon {

// Older than this, what is kept is worth a warning: GitHub adds ranges now and then.
inline constexpr std::chrono::hours ranges_age_max{48};

class SenderRanges {
 public:
  // Reads what was kept. `ca_file` for asking; empty: the system's authorities. Borrows the clock.
  SenderRanges(const config::Webhook& settings, std::string ca_file, const base::Clock& clock);

  // Asks; false when what was known before is still all that is known. Throws nothing of the
  // network's.
  bool refresh();

  [[nodiscard]] bool are_known() const;
  [[nodiscard]] bool has(const std::string& address) const;
  // Since GitHub last said so; nothing while none are known.
  [[nodiscard]] std::optional<std::chrono::seconds> age() const;

 private:
  void read_kept();
  void keep(const std::string& document) const;
  void take(std::vector<webhook::AddressRange> ranges, std::string etag);
  void warn_if_stale() const;

  const config::Webhook settings_;
  const std::string ca_file_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;  // guards what follows
  std::vector<webhook::AddressRange> ranges_;
  std::string etag_;
  base::TimePoint known_at_{};
};

// The `hooks` of a /meta document; nothing when it is none, or lists none.
[[nodiscard]] std::optional<std::vector<webhook::AddressRange>> ranges_of(
    const std::string& document);

}  // namespace devy::daemon
