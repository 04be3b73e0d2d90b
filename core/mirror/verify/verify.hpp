#pragma once
// Verifies a mirrored repository on behalf of a person: with the configured credential, within the
// limits and budgets that all daemons share. Blocks while GitHub answers; one thread. Throws
// Error(busy, "rate_limited") when GitHub must be left alone now, Error(unavailable) when it does
// not answer, and what Comparison throws.

#include <optional>

#include "core/mirror/store/repository_store.hpp"
#include "core/mirror/verify/comparison.hpp"
#include "core/platform/config/config.hpp"

namespace devy::verify {

class Verifier {
 public:
  // Reads the credential's file. Borrows all.
  Verifier(pg::Connection& connection, const config::Config& config, const base::Clock& clock);

  // All lists, or some rows at random.
  [[nodiscard]] Verification verify(const mirror::Repository& repository, std::optional<int> sample,
                                    const Watch& watch);
  // Asks once more about the things that it has found.
  [[nodiscard]] Verification verify_again(const mirror::Repository& repository,
                                          const Verification& earlier, const Watch& watch);

 private:
  [[nodiscard]] Verification ask(const mirror::Repository& repository, const Watch& watch,
                                 const std::function<Verification(Comparison&)>& compare);

  pg::Connection& connection_;
  const config::Config& config_;
  const base::Clock& clock_;
  github::Access access_;
};

}  // namespace devy::verify
