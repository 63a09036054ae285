using System.Buffers;
using System.Text;
using Tunnel.ProxyCore.Widgets.Reports;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets.Reports;

public sealed class ScriptInsertionTests
{
    [Theory]
    [InlineData("<!doctype html>\n<!-- <head> -->\n<html lang='a>b'>\n<HEAD class=x>|<title>")]
    [InlineData("<head>|")]
    [InlineData("<html>|<body>")]
    [InlineData("<!DOCTYPE html>|<p>")]
    [InlineData("|<p>")]
    [InlineData("|text")]
    [InlineData("|")]
    [InlineData("<html>|\n<header>")]
    [InlineData("|<!-- never ends")]
    [InlineData("\uFEFF<head>|x")]
    [InlineData("|<h")]
    public void Element_StandsWhereThePageBegins_HoweverItComes(string marked)
    {
        var html = Encoding.UTF8.GetBytes(marked.Replace("|", "", StringComparison.Ordinal));
        var expected = marked.Replace("|", "<s>", StringComparison.Ordinal);

        Assert.Equal(expected, Encoding.UTF8.GetString(ScriptInsertion.Insert(html, "<s>"u8.ToArray())));
        for (var size = 1; size <= Math.Max(1, html.Length); size++)
        {
            Assert.Equal(expected, InPieces(html, size));
        }
    }

    [Fact]
    public void PageThatDoesNotBegin_IsLeftAlone()
    {
        var html = Encoding.UTF8.GetBytes("<!--" + new string('x', 70_000) + "--><head>");

        Assert.Equal(Encoding.UTF8.GetString(html), InPieces(html, 1000));
    }

    private static string InPieces(byte[] html, int size)
    {
        var insertion = new ScriptInsertion("<s>"u8.ToArray());
        var output = new ArrayBufferWriter<byte>();
        foreach (var piece in html.Chunk(size))
        {
            insertion.Write(piece, output);
        }

        insertion.Complete(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
