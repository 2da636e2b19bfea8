//! `register!`: from a type with traits to a component's exports.

/// Makes a plugin of a type: `register!(MyPlugin: criteria)`, `register!(MyPlugin: hook, delivery)`.
///
/// On wasm it exports the named interfaces, embeds the `plugin.toml` beside `Cargo.toml`, installs the
/// [arena](crate::arena::Arena) as allocator and makes panics write their message to the log. Everywhere else it only checks
/// that the traits are there, so that `cargo test` works. Call it once, in the crate's root.
///
/// `register!(silent MyPlugin: criteria)` leaves panics without a message; a plugin that never logs then imports nothing at all.
#[macro_export]
macro_rules! register {
    (silent $plugin:ty : $($interface:ident),+ $(,)?) => {
        $($crate::__register_interface!($interface, $plugin, {});)+
        $crate::__register_once!();
    };
    ($plugin:ty : $($interface:ident),+ $(,)?) => {
        $($crate::__register_interface!($interface, $plugin, { $crate::install_hook(); });)+
        $crate::__register_once!();
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __register_once {
    () => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "names a section of the module")]
        const _: () = {
            const TEXT: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/plugin.toml"));
            #[used]
            #[unsafe(link_section = "laurel:manifest")]
            static MANIFEST: [u8; TEXT.len()] = *include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/plugin.toml"));

            #[global_allocator]
            static ARENA: $crate::arena::Arena = $crate::arena::Arena::new();
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __register_interface {
    (criteria, $plugin:ty, $before:block) => {
        $crate::__register_export!($plugin, $crate::Criteria, criteria, export_criteria, {
            fn check(settings: String) -> Result<Vec<$crate::criteria::Requirement>, Vec<$crate::criteria::Problem>> {
                $before
                <$plugin as $crate::Criteria>::check(&settings)
            }

            fn evaluate(
                settings: String,
                state: Option<Vec<u8>>,
                events: Vec<$crate::Event>,
            ) -> Result<$crate::criteria::Outcome, String> {
                $before
                <$plugin as $crate::Criteria>::evaluate(&settings, state.as_deref(), &events)
            }
        });
    };
    (hook, $plugin:ty, $before:block) => {
        $crate::__register_export!($plugin, $crate::Hook, hook, export_hook, {
            fn receive(request: $crate::hook::Request) -> Result<$crate::hook::Reception, $crate::hook::Refusal> {
                $before
                <$plugin as $crate::Hook>::receive(request)
            }
        });
    };
    (delivery, $plugin:ty, $before:block) => {
        $crate::__register_export!($plugin, $crate::Delivery, delivery, export_delivery, {
            fn deliver(
                notice: $crate::delivery::Notice,
            ) -> Result<$crate::delivery::Receipt, $crate::delivery::DeliveryError> {
                $before
                <$plugin as $crate::Delivery>::deliver(notice)
            }
        });
    };
    (sync, $plugin:ty, $before:block) => {
        $crate::__register_export!($plugin, $crate::Sync, sync, export_sync, {
            fn pull(cursor: Option<String>) -> Result<$crate::sync::Page, $crate::sync::SyncError> {
                $before
                <$plugin as $crate::Sync>::pull(cursor)
            }
        });
    };
    (identity, $plugin:ty, $before:block) => {
        $crate::__register_export!($plugin, $crate::Identity, identity, export_identity, {
            fn identify(
                account: $crate::Account,
            ) -> Result<Vec<$crate::Identifier>, $crate::identity::IdentityError> {
                $before
                <$plugin as $crate::Identity>::identify(account)
            }
        });
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __register_export {
    ($plugin:ty, $interface:path, $module:ident, $export:ident, { $($function:item)+ }) => {
        const _: () = {
            const fn implemented<T: $interface>() {}
            implemented::<$plugin>();
        };

        #[cfg(target_arch = "wasm32")]
        #[allow(
            unsafe_code,
            clippy::pedantic,
            reason = "exports of the component; made by wit-bindgen and called by the host only"
        )]
        const _: () = {
            struct Exported;
            impl $crate::bindings::$module::exports::laurel::plugin::$module::Guest for Exported {
                $($function)+
            }
            $crate::bindings::$module::$export!(Exported with_types_in $crate::bindings::$module);
        };
    };
}
