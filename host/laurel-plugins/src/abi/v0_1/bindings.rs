//! Generated from `wit/v0.1`. The world names every interface; each export is probed by itself, so a component needs only some.

#![allow(clippy::pedantic, unreachable_pub, missing_debug_implementations, reason = "generated")]

wasmtime::component::bindgen!({
    path: "../../wit/v0.1",
    inline: "
        package laurel:host;
        world everything {
            import laurel:plugin/log@0.1.0;
            import laurel:plugin/settings@0.1.0;
            import laurel:plugin/keys@0.1.0;
            import laurel:plugin/http@0.1.0;
            export laurel:plugin/criteria@0.1.0;
            export laurel:plugin/hook@0.1.0;
            export laurel:plugin/delivery@0.1.0;
            export laurel:plugin/sync@0.1.0;
            export laurel:plugin/identity@0.1.0;
        }
    ",
    world: "laurel:host/everything",
    ownership: Borrowing { duplicate_if_necessary: true },
    imports: {
        "laurel:plugin/keys.verify-jws": async,
        "laurel:plugin/http.send": async,
    },
    exports: {
        "laurel:plugin/hook": async,
        "laurel:plugin/delivery": async,
        "laurel:plugin/sync": async,
        "laurel:plugin/identity": async,
    },
});
