using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;

namespace Tunnel.Relay.Names;

/// <summary>Names that people can say on the phone: brave-otter, quiet-harbor. A number follows when the plain ones run out.</summary>
internal static class NameGenerator
{
    /// <summary>Draws after which a name is free in all likelihood, however many there are.</summary>
    public const int Attempts = 64;

    // One more digit for every so many collisions keeps a nearly full name space quick to draw from.
    private const int AttemptsPerDigit = 8;

    private static readonly ImmutableArray<string> s_adjectives =
    [
        .. (
            "able agile airy amber ample azure balmy basic bold brave breezy bright brisk calm candid careful cheery chief civil classic "
            + "clear clever cobalt cool coral cosmic cosy crisp curious dapper daring deft dewy eager early earnest easy elder epic "
            + "even exact fabled fair famous fancy fast fine firm fleet fluent fond frank free fresh frosty gentle giant gifted glad "
            + "golden good grand great green handy happy hardy hazel honest humble ideal indigo inner ivory jade jolly joyful keen kind "
            + "large late lively local long loyal lucid lucky lunar magic main major maple mellow merry mighty mild minty misty modest "
            + "native neat nimble noble novel olive open orderly patient peachy pearly plain plucky polite prime proper proud quick quiet "
            + "rapid rare ready regal rosy royal ruby rustic sandy sage serene sharp shiny silent silver simple sleek smart smooth snowy "
            + "solar solid spry stable steady still sunny super swift tall tawny tender tidy true upbeat urban useful valid velvet vital "
            + "vivid warm wise witty young zesty"
        ).Split(' '),
    ];

    private static readonly ImmutableArray<string> s_nouns =
    [
        .. (
            "acorn albatross alder anchor antler apple arbor arrow aspen aurora badger bamboo banjo basin bay beacon bear beaver beech "
            + "berry birch bison bluff bobcat boulder breeze bridge brook cabin canyon cedar cello cliff cloud clover comet condor copper "
            + "coral cosmos cove coyote crane creek crest cricket crow cypress dahlia dawn delta dolphin dove dune eagle echo egret elk "
            + "ember falcon fern ferry field finch fjord flint forest fox galaxy garnet gazelle gecko geyser glacier glade gorge grove "
            + "gull harbor hare hawk hazel heron hill hollow ibex ibis inlet iris island ivy jaguar jasper juniper kelp kestrel kite koala "
            + "lagoon lake lark laurel lemur lichen lily linden lion llama lotus lynx magpie mango maple marble marsh marten meadow mesa "
            + "meteor mole moon moose moss moth nebula newt oak oasis ocean orbit orca orchid osprey otter owl panda pebble pelican "
            + "peony petrel pine planet plover pond poppy prairie puffin quail quartz rabbit raven reed reef ridge river robin salmon "
            + "sequoia shore sparrow spring spruce star stone stork summit swallow swan thicket thistle tiger trout tulip tundra valley "
            + "violet walnut walrus warbler wave willow wolf wombat wren yew zebra"
        ).Split(' '),
    ];

    /// <param name="attempt">How many names were taken before this one, from 0.</param>
    public static string Next(int attempt)
    {
        var name =
            $"{s_adjectives[RandomNumberGenerator.GetInt32(s_adjectives.Length)]}-{s_nouns[RandomNumberGenerator.GetInt32(s_nouns.Length)]}";
        var digits = attempt / AttemptsPerDigit;
        return digits == 0
            ? name
            : $"{name}-{RandomNumberGenerator.GetInt32((int)Math.Pow(10, Math.Min(digits, 9))).ToString(CultureInfo.InvariantCulture)}";
    }
}
