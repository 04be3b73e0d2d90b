#pragma once
// Gives each post of a plan its slug (content.md, "Slug"): each slug to one post, and a slug to
// every post. Pure; any thread.
//
// A post whose path and words about its slug are what they were keeps the slug that it has,
// whatever rules or neighbours changed. What a front matter asks for goes to whoever has it, else
// to the first by path; the others get the slugs of their paths. Of several posts whose paths give
// the same slug, the one with the plainest path gets it, and the others append a digest of their
// paths.

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace devy::plan {

struct SlugWish {
  std::string path;                    // in the repository
  std::string path_under_root;         // as above, below the blog's root
  std::optional<std::string> written;  // what its front matter asks for
  std::optional<std::string> had;      // what the post has now
  bool keeps = false;                  // keeps what it has
};

struct GivenSlug {
  std::string slug;
  // The path of the post that has the written slug, when it is not this one.
  std::optional<std::string> taken_by;
};

// Slug → path of the posts whose slugs are not up for change.
using TakenSlugs = std::unordered_map<std::string, std::string>;

// Returns one for each wish, in their order. The wishes are ordered by path.
[[nodiscard]] std::vector<GivenSlug> give_slugs(const std::vector<SlugWish>& wishes,
                                                TakenSlugs taken);

// Digest of everything that decides which slug a post asks for: while it stays the same, so does
// the slug. It has 32 hexadecimal digits and is stored with the post. `slug` and `permalink` are as
// the front matter has them.
[[nodiscard]] std::string slug_basis(const std::string& path_under_root,
                                     const std::optional<std::string>& slug,
                                     const std::optional<std::string>& permalink);

}  // namespace devy::plan
