//! The allocator of guests.
//!
//! Every call gets a fresh instance, and every `memory.grow` in it costs the host two `mprotect` calls, which serialise across
//! its threads. So the first [`ARENA`] bytes come from a static array, which is part of the instance's first memory: taking
//! from it is an addition, nothing is ever given back (the instance is thrown away after the call) except by the newest
//! block, so that growing a `Vec` or a `String` stays in place. What does not fit goes to the standard allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};
use std::mem::MaybeUninit;

/// Bytes served without growing the memory.
pub const ARENA: usize = 128 * 1024;

/// The allocator that [`register!`](crate::register) installs, on wasm only.
pub struct Arena {
    space: UnsafeCell<MaybeUninit<[u8; ARENA]>>,
    used: Cell<usize>,
}

impl std::fmt::Debug for Arena {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arena").field("used", &self.used.get()).finish_non_exhaustive()
    }
}

impl Arena {
    /// An untouched arena.
    #[expect(clippy::new_without_default, reason = "an arena is a static, never a value to be moved")]
    pub const fn new() -> Self {
        Self { space: UnsafeCell::new(MaybeUninit::uninit()), used: Cell::new(0) }
    }

    fn base(&self) -> *mut u8 {
        self.space.get().cast()
    }

    /// The offset of `block`, if it came from the arena.
    fn offset(&self, block: *const u8) -> Option<usize> {
        let offset = (block as usize).wrapping_sub(self.base() as usize);
        (offset < ARENA).then_some(offset)
    }

    fn take(&self, layout: Layout) -> Option<*mut u8> {
        let base = self.base() as usize;
        let start = (base + self.used.get()).checked_next_multiple_of(layout.align())? - base;
        let end = start.checked_add(layout.size())?;
        if end > ARENA {
            return None;
        }
        self.used.set(end);
        Some(self.base().wrapping_add(start))
    }
}

#[expect(unsafe_code, reason = "wasm32 guests have one thread; elsewhere the arena is only used by its own tests")]
// SAFETY: a guest has one thread, so `used` and `space` are never touched from two.
unsafe impl std::marker::Sync for Arena {}

#[expect(unsafe_code, reason = "an allocator is unsafe by nature")]
// SAFETY: `take` hands out aligned, disjoint ranges of `space`: `used` only shrinks when the newest block, which ends at `used`,
// gives itself back. Blocks outside `space` belong to `System`.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match self.take(layout) {
            Some(block) => block,
            // SAFETY: the caller's promises about `layout` are handed on.
            None => unsafe { System.alloc(layout) },
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match self.offset(block) {
            Some(offset) if offset + layout.size() == self.used.get() => self.used.set(offset),
            Some(_) => {}
            // SAFETY: the block is not ours, so it came from `System`.
            None => unsafe { System.dealloc(block, layout) },
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let Some(offset) = self.offset(block) else {
            // SAFETY: the block is not ours, so it came from `System`.
            return unsafe { System.realloc(block, layout, new_size) };
        };
        let newest = offset + layout.size() == self.used.get();
        if newest && offset.checked_add(new_size).is_some_and(|end| end <= ARENA) {
            self.used.set(offset + new_size);
            return block;
        }
        if new_size <= layout.size() {
            return block;
        }
        // SAFETY: the caller promises that `new_size` and the alignment make a layout; both blocks hold `layout.size()` bytes.
        unsafe {
            let grown = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
            if !grown.is_null() {
                std::ptr::copy_nonoverlapping(block, grown, layout.size());
            }
            grown
        }
    }
}

#[cfg(test)]
#[expect(unsafe_code, reason = "calls the allocator")]
mod tests {
    use super::*;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    #[test]
    fn blocks_are_aligned_and_disjoint() {
        let arena = Box::new(Arena::new());
        // SAFETY: layouts are valid, blocks are used within their size and given back as they came.
        unsafe {
            let a = arena.alloc(layout(3, 1));
            let b = arena.alloc(layout(16, 16));
            assert_eq!(b as usize % 16, 0);
            assert!(b as usize >= a as usize + 3);
            std::ptr::write_bytes(a, 1, 3);
            std::ptr::write_bytes(b, 2, 16);
            assert_eq!(*a.add(2), 1);
            let grown = arena.realloc(b, layout(16, 16), 64);
            assert_eq!(grown, b, "the newest block grows in place");
            let moved = arena.realloc(a, layout(3, 1), 5);
            assert_ne!(moved, a, "an older one moves");
            assert_eq!(*moved.add(2), 1);
        }
    }

    #[test]
    fn the_newest_block_is_given_back() {
        let arena = Box::new(Arena::new());
        // SAFETY: as above.
        unsafe {
            let a = arena.alloc(layout(100, 8));
            arena.dealloc(a, layout(100, 8));
            assert_eq!(arena.alloc(layout(100, 8)), a);
        }
    }

    #[test]
    fn what_does_not_fit_comes_from_the_system() {
        let arena = Box::new(Arena::new());
        // SAFETY: as above.
        unsafe {
            let big = arena.alloc(layout(ARENA + 1, 8));
            assert!(arena.offset(big).is_none());
            let bigger = arena.realloc(big, layout(ARENA + 1, 8), ARENA * 2);
            arena.dealloc(bigger, layout(ARENA * 2, 8));
            let full = arena.alloc(layout(ARENA, 1));
            assert_eq!(arena.offset(full), Some(0));
            assert!(arena.offset(arena.alloc(layout(1, 1))).is_none());
        }
    }
}
