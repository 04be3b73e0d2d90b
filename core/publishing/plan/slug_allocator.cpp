#include "core/publishing/plan/slug_allocator.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>

#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/publishing/post/slug.hpp"

namespace devy::plan {
namespace {

constexpr std::size_t basis_bytes = 16;
// Eight digits distinguish the few paths that give one slug; more are needed only where somebody
// has written a slug that looks like one of these.
constexpr std::size_t digest_characters_min = 8;

class Allocator {
 public:
  Allocator(const std::vector<SlugWish>& wishes, TakenSlugs taken)
      : wishes_(wishes), owners_(std::move(taken)), given_(wishes.size()) {}

  std::vector<GivenSlug> give() {
    for (std::size_t i = 0; i < wishes_.size(); ++i)
      if (wishes_[i].keeps) take(i, *wishes_[i].had);
    for (const bool has_it : {true, false})
      for (std::size_t i = 0; i < wishes_.size(); ++i)
        if (wishes_[i].written && !is_settled(i) &&
            (wishes_[i].had == wishes_[i].written) == has_it)
          give_written(i);
    for (std::size_t i = 0; i < wishes_.size(); ++i)
      if (!wishes_[i].written && !is_settled(i)) derived_.push_back(i);
    give_derived();
    for (std::size_t i = 0; i < wishes_.size(); ++i)
      note_owner(i);
    return std::move(given_);
  }

 private:
  // One that asks for the slug of its path.
  struct Derived {
    std::size_t wish = 0;
    std::string slug;
    bool has_it = false, is_plain = false;
  };

  [[nodiscard]] bool is_settled(std::size_t wish) const { return !given_[wish].slug.empty(); }

  bool take(std::size_t wish, const std::string& slug) {
    if (!owners_.try_emplace(slug, wishes_[wish].path).second) return false;
    given_[wish].slug = slug;
    return true;
  }

  void give_written(std::size_t wish) {
    if (!take(wish, *wishes_[wish].written)) derived_.push_back(wish);
  }

  void give_derived() {
    std::vector<Derived> all;
    all.reserve(derived_.size());
    for (const auto wish : derived_) {
      const auto& path = wishes_[wish].path_under_root;
      auto slug = post::slug_from_path(path);
      const bool is_plain = post::is_plain_name(path, slug);
      const bool has_it = wishes_[wish].had == slug;
      all.push_back({wish, std::move(slug), has_it, is_plain});
    }
    std::ranges::sort(all,
                      [this](const Derived& a, const Derived& b) { return rank(a) < rank(b); });
    std::vector<const Derived*> others;
    for (const auto& one : all)
      if (!take(one.wish, one.slug)) others.push_back(&one);
    // The plain slugs are all given by now, so no ending can take one.
    for (const auto* one : others)
      give_with_ending(*one);
  }

  [[nodiscard]] std::tuple<bool, bool, std::size_t, std::string_view> rank(
      const Derived& one) const {
    const std::string_view path = wishes_[one.wish].path_under_root;
    return {!one.has_it, !one.is_plain, path.size(), path};
  }

  void give_with_ending(const Derived& one) {
    const auto digest = base::to_hex(base::sha256(wishes_[one.wish].path_under_root));
    for (auto size = digest_characters_min; size <= digest.size(); size *= 2)
      if (take(one.wish, post::slug_with_ending(one.slug, digest.substr(0, size)))) return;
    // Every slug has one owner, so one of these is free.
    for (std::size_t number = 0; number <= owners_.size(); ++number)
      if (take(one.wish, post::slug_with_ending(one.slug, digest + std::to_string(number)))) return;
  }

  // Also for one that keeps what it got when it lost.
  void note_owner(std::size_t wish) {
    const auto& written = wishes_[wish].written;
    if (!written || *written == given_[wish].slug) return;
    if (const auto owner = owners_.find(*written); owner != owners_.end())
      given_[wish].taken_by = owner->second;
  }

  const std::vector<SlugWish>& wishes_;
  TakenSlugs owners_;
  std::vector<GivenSlug> given_;
  std::vector<std::size_t> derived_;  // wishes that get the slugs of their paths
};

}  // namespace

std::vector<GivenSlug> give_slugs(const std::vector<SlugWish>& wishes, TakenSlugs taken) {
  return Allocator(wishes, std::move(taken)).give();
}

std::string slug_basis(const std::string& path_under_root, const std::optional<std::string>& slug,
                       const std::optional<std::string>& permalink) {
  base::Sha256Stream stream;
  stream.field(path_under_root);
  stream.field(slug ? "slug " + *slug : "");
  stream.field(permalink ? "permalink " + *permalink : "");
  const auto digest = stream.finish();
  return base::to_hex(std::span(digest).first(basis_bytes));
}

}  // namespace devy::plan
