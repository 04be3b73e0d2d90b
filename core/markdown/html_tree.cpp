#include "core/markdown/html_tree.hpp"

#include <gumbo.h>

#include <cstdlib>

#include "core/process/child.hpp"

namespace devy::markdown {
namespace {

constexpr std::size_t block_bytes = std::size_t{64} << 10U;

void* allocate(void* memory, std::size_t bytes) {
  return static_cast<TreeMemory*>(memory)->allocate(bytes);
}

void release(void*, void*) {}

}  // namespace

void* TreeMemory::allocate(std::size_t bytes) {
  constexpr std::size_t alignment = alignof(std::max_align_t);
  bytes = (bytes + alignment - 1) / alignment * alignment;
  if (bytes > free_bytes_) {
    const std::size_t size = std::max(bytes, block_bytes);
    std::unique_ptr<std::byte[]> block(new (std::nothrow) std::byte[size]);
    // No exception may cross gumbo's C.
    if (block == nullptr) std::_Exit(process::child_out_of_memory);
    try {
      blocks_.push_back(std::move(block));
    } catch (const std::bad_alloc&) {
      std::_Exit(process::child_out_of_memory);
    }
    free_begin_ = blocks_.back().get();
    free_bytes_ = size;
  }
  std::byte* begin = free_begin_;
  free_begin_ += bytes;
  free_bytes_ -= bytes;
  return begin;
}

HtmlTree::HtmlTree(std::string_view html) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = allocate;
  options.deallocator = release;
  options.userdata = &memory_;
  options.max_errors = 0;
  options.fragment_context = GUMBO_TAG_BODY;
  root_ = gumbo_parse_with_options(&options, html.data(), html.size())->root;
}

}  // namespace devy::markdown
