//! What `wit-bindgen` makes of `wit/v0.1`: types for every target, calls and exports for wasm.
//!
//! Not public interface: plugins use the façades and [`register!`](crate::register), which refers to this module.

/// What plugins import, and the types all interfaces share.
mod imports {
    wit_bindgen::generate!({
        path: "../wit/v0.1",
        inline: "
            package laurel:sdk;
            world imports {
                import laurel:plugin/types@0.1.0;
                import laurel:plugin/log@0.1.0;
                import laurel:plugin/settings@0.1.0;
                import laurel:plugin/keys@0.1.0;
                import laurel:plugin/http@0.1.0;
            }
        ",
        world: "laurel:sdk/imports",
        additional_derives: [PartialEq],
        ownership: Owning,
        generate_all,
        generate_unused_types: true,
    });
}

pub use imports::laurel::plugin::{http, keys, log, settings, types};

/// Declares the bindings of one world, whose imports and shared types are the ones above.
macro_rules! world {
    ($(#[$doc:meta])* $name:ident, $world:literal, $export:literal, { $($with:tt)* }) => {
        $(#[$doc])*
        pub mod $name {
            wit_bindgen::generate!({
                path: "../wit/v0.1",
                world: $world,
                additional_derives: [PartialEq],
                with: { "laurel:plugin/types@0.1.0": crate::bindings::types, $($with)* },
                pub_export_macro: true,
                export_macro_name: $export,
                default_bindings_module: "laurel_plugin::bindings",
                generate_unused_types: true,
            });
        }
    };
}

world!(
    /// `criteria-plugin`.
    criteria, "criteria-plugin", "export_criteria",
    { "laurel:plugin/log@0.1.0": crate::bindings::log }
);
world!(
    /// `hook-plugin`.
    hook, "hook-plugin", "export_hook",
    {
        "laurel:plugin/log@0.1.0": crate::bindings::log,
        "laurel:plugin/settings@0.1.0": crate::bindings::settings,
        "laurel:plugin/keys@0.1.0": crate::bindings::keys,
    }
);
world!(
    /// `delivery-plugin`.
    delivery, "delivery-plugin", "export_delivery",
    {
        "laurel:plugin/log@0.1.0": crate::bindings::log,
        "laurel:plugin/settings@0.1.0": crate::bindings::settings,
        "laurel:plugin/http@0.1.0": crate::bindings::http,
    }
);
world!(
    /// `sync-plugin`.
    sync, "sync-plugin", "export_sync",
    {
        "laurel:plugin/log@0.1.0": crate::bindings::log,
        "laurel:plugin/settings@0.1.0": crate::bindings::settings,
        "laurel:plugin/http@0.1.0": crate::bindings::http,
    }
);
world!(
    /// `identity-plugin`.
    identity, "identity-plugin", "export_identity",
    {
        "laurel:plugin/log@0.1.0": crate::bindings::log,
        "laurel:plugin/settings@0.1.0": crate::bindings::settings,
        "laurel:plugin/http@0.1.0": crate::bindings::http,
    }
);
