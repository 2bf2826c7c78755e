// A thermal zone at 27 °C with a critical, a hot and a passive trip point, polled each second, and a fan: QEMU's machines
// have none, and the kernel's thermal events need one. Temperatures are tenths of a kelvin.
DefinitionBlock ("", "SSDT", 2, "NETLM", "THERMAL", 1)
{
    Scope (\_SB)
    {
        Device (FAN1)
        {
            Name (_HID, EisaId ("PNP0C0B"))
            Name (_UID, 1)
            Method (_STA) { Return (0x0F) }
        }
    }

    Scope (\_TZ)
    {
        ThermalZone (ZONE)
        {
            Method (_TMP) { Return (3002) }
            Method (_CRT) { Return (3832) }
            Method (_HOT) { Return (3732) }
            Method (_PSV) { Return (3532) }
            Name (_PSL, Package () {})
            Name (_TC1, 1)
            Name (_TC2, 1)
            Name (_TSP, 10)
            Name (_TZP, 10)
        }
    }
}
